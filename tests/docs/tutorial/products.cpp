#include "service.hpp"

#include <kith/filters.hpp>
#include <kith/json.hpp>

#include <fmt/format.h>

namespace {

const kith::Filters<Product> filters{"category__name", "name__icontains", "price__gte", "price__lte"};
const kith::Orders<Product> orders{"name", "price"};
const kith::Includes<Product> includes{"category"};
const kith::Members<Product> editable{"sku", "name", "price", "stock", "category"};

} // namespace

Response list_products(const kith::Database& db, Request request) {
    const auto order = request.take("order");
    const auto include = request.take("include");
    const auto after = request.take("after");
    auto products = filters.apply(db.objects<Product>(), request.query); // all that is left
    products = includes.apply(orders.apply(products, order).in_total_order(), include);
    const auto page = products.page({.size = 2, .after = after});
    return {200, fmt::format(R"({{"rows":{},"next":"{}"}})", kith::to_json(page), page.next())};
}

Response show_product(const kith::Database& db, Request request) {
    return {200, kith::to_json(
                     db.objects<Product>().prefetch_related("category").get("id"_f = kith::Text(request.path[0])))};
}

Response create_product(const kith::Database& db, Request request) {
    const auto product = kith::from_json<Product>(request.body, editable.require({"sku", "name", "price", "category"}));
    return {201, kith::to_json(db.objects<Product>().create(product))};
}

Response change_product(const kith::Database& db, Request request) {
    const auto product = db.objects<Product>().get("id"_f = kith::Text(request.path[0]));
    kith::read_json(*product, request.body, editable.require({"version"}));
    db.save(product);
    return {200, kith::to_json(product)};
}
