#include "handlers.hpp"
#include "listing.hpp"
#include "order_rows.hpp"

#include <kith/json.hpp>

/// Customers, what they ordered, and what they think of it.
namespace shop {

namespace {

const kith::Members<Customer> customer_members{"email", "name"};
const kith::Members<Review> review_members{"customer", "stars", "text"};

const Listing<Review> review_listing{
    .filters{"stars", "stars__gte", "stars__lte"},
    .orders{"stars"},
    .includes{"customer"},
};

} // namespace

Response create_customer(const kith::Database& db, const Request& request) {
    const auto customer = kith::from_json<Customer>(request.body, customer_members.require({"email", "name"}));
    return {201, kith::to_json(db.objects<Customer>().create(customer))};
}

Response show_customer(const kith::Database& db, const Request& request) {
    return {200, kith::to_json(get_or_404(db.objects<Customer>(), "id"_f = request.number()))};
}

Response list_orders_of_customer(const kith::Database& db, const Request& request) {
    const auto customer = get_or_404(db.objects<Customer>(), "id"_f = request.number());
    return order_listing().page(with_totals(customer->orders.all()), request);
}

Response create_review(const kith::Database& db, const Request& request) {
    auto review = kith::from_json<Review>(request.body, review_members.require({"customer", "stars"}));
    review.product.set_key(request.number());
    return {201, kith::to_json(db.objects<Review>().create(review))};
}

Response list_reviews(const kith::Database& db, const Request& request) {
    return review_listing.page(db.objects<Review>().filter("product"_f = request.number()), request);
}

} // namespace shop
