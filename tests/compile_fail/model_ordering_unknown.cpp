// EXPECT-GCC: {"kith: A::table orders by nmae, which is no column that can be reached from it; A has id, name"}
// EXPECT-CLANG: {"kith: A::table orders by nmae, "}
// EXPECT-CLANG: {"which is no column that can be "}
// EXPECT-CLANG: {"reached from it; A has id, name"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.ordering = {"-nmae"}};
};

void use(const kith::Database& db) { db.objects<A>(); }
