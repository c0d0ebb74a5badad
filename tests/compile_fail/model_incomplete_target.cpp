// EXPECT: kith: this model is declared but not defined here: include the header that defines it
// EXPECT: B
#include <kith/kith.hpp>

using namespace kith::literals;

struct B;
struct A {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<B> b{};
};

void use(const kith::Database& db) { db.objects<A>(); }
