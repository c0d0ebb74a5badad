// EXPECT-GCC: {"kith: Stocked::sku is a part of the key by which on_conflict finds rows, and cannot be updated with them"}
// EXPECT-CLANG: {"kith: Stocked::sku is a part of "}
#include "stocked.hpp"

void use(const kith::Database& db) {
    db.objects<Stocked>().create({.sku = {"a"}}, kith::on_conflict("sku"_f).update("price"_f, "sku"_f));
}
