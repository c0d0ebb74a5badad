// EXPECT: kith: bulk_update takes a range of rows of the QuerySet's model, Refs or pointers to them
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Shop>& shops) {
    db.objects<Stocked>().bulk_update(shops, "price"_f);
}
