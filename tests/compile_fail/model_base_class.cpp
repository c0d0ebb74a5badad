// EXPECT: kith: a model has no base class
#include <kith/kith.hpp>

using namespace kith::literals;

struct Base {
    kith::PrimaryKey<> id{};
};
struct A : Base {
    std::string name{};
};

void use(const kith::Database& db) { db.objects<A>(); }
