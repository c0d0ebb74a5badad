// EXPECT-GCC: {"kith: A::bs goes through Link, but beta is no kith::ForeignKey from Link to B"}
// EXPECT-CLANG: {"kith: A::bs goes through Link, "}
// EXPECT-CLANG: {"but beta is no kith::ForeignKey "}
// EXPECT-CLANG: {"from Link to B"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct Link;
struct A {
    kith::PrimaryKey<> id{};
    kith::ManyToMany<B, kith::through<Link, "a", "beta">> bs{};
};
struct B {
    kith::PrimaryKey<> id{};
};
struct Link {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<A> a{};
    kith::ForeignKey<B> b{};
};

void use(const kith::Database& db) { db.objects<A>(); }
