// EXPECT-GCC: which is no column; columns are bool, integers, float, double, std::string, std::vector<std::byte>, kith::Date, kith::Timestamp, kith::LocalTimestamp, kith::Uuid, kith::Decimal, kith::Json, enums, and std::optional of these
// EXPECT-GCC: kith: A::letter is of type char,
// EXPECT-CLANG: {"kith: A::letter is of type "}
// EXPECT-CLANG: {"char, which is no column; "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    char letter{};
};

void use(const kith::Database& db) { db.objects<A>(); }
