// EXPECT-GCC: {"kith: Stocked has no member `skew` (in `skew`); it has id, sku, shop, number, price"}
// EXPECT-CLANG: {"kith: Stocked has no member "}
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_create(rows, kith::on_conflict("skew"_f).ignore());
}
