// EXPECT: kith: on_conflict(…).update() needs the columns that it updates
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_create(rows, kith::on_conflict("sku"_f).update());
}
