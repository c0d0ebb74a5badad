// EXPECT: kith: say what a conflict does: on_conflict(…).update(columns…) or .ignore()
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_create(rows, kith::on_conflict("sku"_f));
}
