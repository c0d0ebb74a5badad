// EXPECT-GCC: {"kith: Stocked::shop is named twice in bulk_update"}
// EXPECT-CLANG: {"kith: Stocked::shop is named "}
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_update(rows, "shop"_f, "price"_f, "shop_id"_f);
}
