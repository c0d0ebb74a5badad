// EXPECT-GCC: {"kith: A::bs is the other end of B::author, but that points to B, not to A"}
// EXPECT-CLANG: {"kith: A::bs is the other end of "}
// EXPECT-CLANG: {"B::author, but that points to "}
// EXPECT-CLANG: {"B, not to A"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<B, "author"> bs{};
};
struct B {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<B> author{};
};

void use(const kith::Database& db) { db.objects<A>(); }
