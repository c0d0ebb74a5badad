// EXPECT: kith: validate() of a model must be const and return kith::Faults of that model
#include <kith/kith.hpp>

struct Product {
    kith::PrimaryKey<> id{};
    kith::Decimal price{};

    bool validate() const { return price > kith::Decimal(0); }
};

void use(const kith::Database& db) { db.objects<Product>(); }
