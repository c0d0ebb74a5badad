// EXPECT: kith: this model is declared but not defined here: include the header that defines it
#include <kith/kith.hpp>

using namespace kith::literals;

struct A;

void use(const kith::Database& db) { db.objects<A>(); }
