// EXPECT-GCC: {"kith: (shop, price) is no unique key of Stocked, as on_conflict needs it; Stocked has (id), (sku), (shop, number)"}
// EXPECT-CLANG: {"kith: (shop, price) is no "}
// EXPECT-CLANG: {"unique key of Stocked, as "}
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_create(rows, kith::on_conflict("shop"_f, "price"_f).ignore());
}
