// EXPECT-GCC: {"kith: A has a primary key of plain members, so that its rows could be assigned over one another: declare those members as kith::Field<T, kith::primary_key>"}
// EXPECT-CLANG: {"kith: A has a primary key of "}
// EXPECT-CLANG: {"plain members, so that its rows "}
// EXPECT-CLANG: {"could be assigned over one "}
// EXPECT-CLANG: {"another: declare those members "}
// EXPECT-CLANG: {"as kith::Field<T, "}
// EXPECT-CLANG: {"kith::primary_key>"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    int left{};
    int right{};

    static constexpr kith::Table table{.primary_key = {"left", "right"}};
};

void use(const kith::Database& db) { db.objects<A>(); }
