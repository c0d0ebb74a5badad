// EXPECT-GCC: {"kith: A::table names nmae, which is no column of it; A has id, name"}
// EXPECT-CLANG: {"kith: A::table names nmae, "}
// EXPECT-CLANG: {"which is no column of it; A has "}
// EXPECT-CLANG: {"id, name"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.unique = {{"id", "nmae"}}};
};

void use(const kith::Database& db) { db.objects<A>(); }
