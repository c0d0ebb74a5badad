// EXPECT: kith::PrimaryKey is an integer, a std::string or a kith::Uuid
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<double> id{};
};

void use(const kith::Database& db) { db.objects<A>(); }
