// EXPECT-GCC: {"kith: A::bs is the other end of B::name, but that is no kith::ForeignKey or kith::ManyToMany"}
// EXPECT-CLANG: {"kith: A::bs is the other end of "}
// EXPECT-CLANG: {"B::name, but that is no "}
// EXPECT-CLANG: {"kith::ForeignKey or "}
// EXPECT-CLANG: {"kith::ManyToMany"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<B, "name"> bs{};
};
struct B {
    kith::PrimaryKey<> id{};
    std::string name{};
};

void use(const kith::Database& db) { db.objects<A>(); }
