// EXPECT-GCC: {"kith: A::b is the other end of B::author, but that is no kith::OneToOne"}
// EXPECT-CLANG: {"kith: A::b is the other end of "}
// EXPECT-CLANG: {"B::author, but that is no "}
// EXPECT-CLANG: {"kith::OneToOne"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ReverseOne<B, "author"> b{};
};
struct B {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<A> author{};
};

void use(const kith::Database& db) { db.objects<A>(); }
