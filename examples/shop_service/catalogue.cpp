#include "handlers.hpp"
#include "listing.hpp"
#include "whole.hpp"

#include <kith/json.hpp>

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

/// Categories, products and their tags.
namespace shop {

namespace {

const Listing<Product> product_listing{
    .filters{"category", "category__name", "tags__name", "name__icontains", "price__gte", "price__lte", "stock__gte"},
    .orders{"name", "price"},
    .includes{"category__parent", "tags", "reviews"},
};

const kith::Members<Product> product_members{"sku", "name", "price", "stock", "category"};
const kith::Members<Category> category_members{"name", "parent"};

/// With the average of the reviews.
kith::QuerySet<Product> rated(const kith::Database& db) {
    return db.objects<Product>().annotate("stars"_f = kith::Avg("reviews__stars"_f));
}

} // namespace

Response list_categories(const kith::Database& db, const Request&) {
    const auto top = db.objects<Category>().filter("parent"_f = nullptr).order_by("name");
    return {200, kith::to_json(top.prefetch_related("children__children"))};
}

Response create_category(const kith::Database& db, const Request& request) {
    const auto category = kith::from_json<Category>(request.body, category_members.require({"name"}));
    return {201, kith::to_json(db.objects<Category>().create(category))};
}

Response list_products(const kith::Database& db, const Request& request) {
    return product_listing.page(rated(db), request);
}

Response show_product(const kith::Database& db, const Request& request) {
    return product_listing.row(rated(db), request.number(), request);
}

Response create_product(const kith::Database& db, const Request& request) {
    const auto required = product_members.require({"sku", "name", "price", "category"});
    const auto product = kith::from_json<Product>(request.body, required);
    return {201, kith::to_json(db.objects<Product>().create(product))};
}

/// `{"version": 3, "stock": 20}`: for the product as the client has read it, so that no order in between is undone.
Response change_product(const kith::Database& db, const Request& request) {
    const auto product = get_or_404(db.objects<Product>(), "id"_f = request.number());
    const std::int64_t version = product->version;
    kith::read_json(*product, request.body, product_members.require({"version"}));
    if (product->version != version) throw Refused(409, fmt::format("the product has version {} now", version));
    db.save(product); // StaleRow if an order was faster
    return {200, kith::to_json(product)};
}

Response remove_product(const kith::Database& db, const Request& request) {
    const auto removed = db.objects<Product>().filter("id"_f = request.number()).remove();
    if (removed == 0) throw Refused(404, "no such product");
    return {204, ""};
}

Response add_tag(const kith::Database& db, const Request& request) {
    return db.atomic(
        [&](kith::Database& tx) -> Response {
            const auto product = get_or_404(tx.objects<Product>(), "id"_f = request.number());
            const auto [tag, created] = tx.objects<Tag>().get_or_create("name"_f = request.path[1]);
            product->tags.add(tag);
            return {created ? 201 : 200, kith::to_json(tag)};
        },
        whole);
}

Response remove_tag(const kith::Database& db, const Request& request) {
    const auto product = get_or_404(db.objects<Product>(), "id"_f = request.number());
    product->tags.remove(get_or_404(db.objects<Tag>(), "name"_f = request.path[1]));
    return {204, ""};
}

/// `[{"sku": "tea-1", "price": "12.50"}, …]`: all of them, or none.
Response import_prices(const kith::Database& db, const Request& request) {
    const kith::Members<Product> members{"sku", "price"};
    const auto rows = kith::from_json<std::vector<Product>>(request.body, members.require({"sku", "price"}));
    std::map<std::string, std::size_t> places;
    std::vector<std::string> skus;
    for (const Product& row : rows) {
        if (!places.emplace(row.sku, places.size()).second)
            throw Refused(400, fmt::format("{} is given twice", row.sku));
        skus.push_back(row.sku);
    }

    db.atomic(
        [&](kith::Database& tx) {
            const auto found = tx.objects<Product>().filter("sku__in"_f = skus).order_by("id").select_for_update();
            if (found.size() != skus.size()) throw Refused(404, "a product of the list does not exist");
            std::vector<Product*> changed(rows.size()); // as the request has them: faults name their places
            for (Product& product : found) {
                const auto place = places.at(product.sku);
                product.price = rows[place].price;
                changed[place] = &product;
            }
            tx.objects<Product>().bulk_update(changed, "price"_f);
        },
        whole);
    return {204, ""};
}

} // namespace shop
