// EXPECT-GCC: {"kith: Stocked::id is a part of the key by which bulk_update finds rows, and cannot be updated with them"}
// EXPECT-CLANG: {"kith: Stocked::id is a part of "}
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    db.objects<Stocked>().bulk_update(rows, "price"_f, "pk"_f);
}
