// EXPECT-GCC: can only be assigned by itself, without a lookup or a path behind it (in `shop__id`)
// EXPECT-CLANG: {"kith: Stocked::shop can only be "}
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_update(rows, "shop__id"_f);
}
