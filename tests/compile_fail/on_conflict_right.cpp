// EXPECT-OK
#include "stocked.hpp"

void use(const kith::Database& db, const std::vector<Stocked>& rows) {
    const auto stocked = db.objects<Stocked>();
    stocked.bulk_create(rows, kith::on_conflict("sku"_f).update("price"_f, "shop"_f));
    stocked.bulk_create(rows, kith::on_conflict("number"_f, "shop_id"_f).ignore(), {.progress = {}});
    stocked.bulk_create(rows, {.progress = [](std::size_t, std::size_t) {}});
    stocked.create({.sku = {"a"}}, kith::on_conflict("pk"_f).update("price"_f));
    stocked.bulk_update(rows, "price"_f);
    stocked.bulk_update(std::vector<const Stocked*>{&rows[0]}, "price"_f, "shop"_f, "sku"_f);
    stocked.bulk_update(stocked.filter("price"_f = 3), "price"_f, "number"_f);
}
