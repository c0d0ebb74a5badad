// EXPECT: kith: a model is a plain struct: no constructors, no private members
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    A() {}
};

void use(const kith::Database& db) { db.objects<A>(); }
