// EXPECT-GCC: {"kith: A::bs is the other end of B::authr, but B has no member of that name; it has id, author"}
// EXPECT-CLANG: {"kith: A::bs is the other end of "}
// EXPECT-CLANG: {"B::authr, but B has no member "}
// EXPECT-CLANG: {"of that name; it has id, author"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<B, "authr"> bs{};
};
struct B {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<A> author{};
};

void use(const kith::Database& db) { db.objects<A>(); }
