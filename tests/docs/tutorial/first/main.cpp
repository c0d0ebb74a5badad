#include "sample.hpp"

#include <fmt/core.h>

int main() {
    const auto db = kith::connect("sqlite::memory:");
    create_sample(db);
    for (const Product& product : db.objects<Product>().order_by("price").prefetch_related("category"))
        fmt::print("{:8} {:10} {:>6}  {}\n", product.sku, product.name, product.price, product.category->name);
}
