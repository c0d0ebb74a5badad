#pragma once

#include "models.hpp"

/// Creates the tables that are missing, and something to sell if there is nothing.
inline void create_sample(const kith::Database& db) {
    db.create_tables<Category, Product, Order, OrderLine>();
    if (db.objects<Product>().exists()) return;
    const auto tea = db.objects<Category>().create({.name = "Tea"});
    const auto cups = db.objects<Category>().create({.name = "Cups"});
    db.objects<Product>().bulk_create({
        {.sku = "tea-1", .name = "Longjing", .price = kith::Decimal("12.5"), .stock = 40, .category = tea},
        {.sku = "tea-2", .name = "Pu'er", .price = kith::Decimal("18"), .stock = 25, .category = tea},
        {.sku = "cup-1", .name = "Gaiwan", .price = kith::Decimal("9.9"), .stock = 3, .category = cups},
    });
}
