#include "sample.hpp"

#include "models.hpp"

namespace shop {

void create_tables(const kith::Database& db) {
    db.create_tables<Category, Tag, Product, Customer, Order, OrderLine, Review>();
}

void add_sample(const kith::Database& db) {
    db.atomic([](kith::Database& tx) {
        const auto drinks = tx.objects<Category>().create({.name = "Drinks"});
        const auto tea = tx.objects<Category>().create({.name = "Tea", .parent = drinks});
        const auto cups = tx.objects<Category>().create({.name = "Cups"});
        const auto green = tx.objects<Tag>().create({.name = "green"});
        tx.objects<Product>().create(
            {.sku = "tea-1", .name = "Longjing", .price = kith::Decimal("12.50"), .stock = 40, .category = tea},
            kith::with("tags"_f, {green}));
        tx.objects<Product>().bulk_create({
            {.sku = "tea-2", .name = "Pu'er", .price = kith::Decimal("18.00"), .stock = 25, .category = tea},
            {.sku = "cup-1", .name = "Gaiwan", .price = kith::Decimal("9.90"), .stock = 3, .category = cups},
        });
        tx.objects<Customer>().bulk_create({
            {.email = "li@example.org", .name = "Li Si"},
            {.email = "zhang@example.org", .name = "Zhang San"},
        });
    });
}

} // namespace shop
