// EXPECT-GCC: {"kith: A::b refers to B::nmae, which is no column; B has id, name"}
// EXPECT-CLANG: {"kith: A::b refers to B::nmae, "}
// EXPECT-CLANG: {"which is no column; B has id, "}
// EXPECT-CLANG: {"name"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<B, kith::to_field<"nmae">> b{};
};
struct B {
    kith::PrimaryKey<> id{};
    std::string name{};
};

void use(const kith::Database& db) { db.objects<A>(); }
