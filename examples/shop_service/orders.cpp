#include "handlers.hpp"
#include "order_rows.hpp"
#include "whole.hpp"

#include <kith/json.hpp>

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <ranges>
#include <set>
#include <vector>

/// Placing and cancelling orders. The rows of products are locked, always in the order of their keys: two orders never
/// wait for each other in a circle.
namespace shop {

namespace {

const kith::Members<OrderLine> line_members{"product", "quantity"};

std::vector<OrderLine> read_lines(const Request& request) {
    auto lines = kith::from_json<std::vector<OrderLine>>(request.body, line_members.require({"product", "quantity"}));
    if (lines.empty() || lines.size() > 100) throw Refused(400, "an order has 1 to 100 lines");
    return lines;
}

using Products = std::map<std::int64_t, kith::Ref<Product>>;

/// The products of the lines by their keys, locked.
Products lock_products(const kith::Database& tx, const std::vector<OrderLine>& lines) {
    std::set<std::int64_t> keys;
    for (const OrderLine& line : lines) keys.insert(line.product.key());
    return tx.objects<Product>().order_by("id").select_for_update().in_bulk(keys);
}

/// Gives the lines today's prices.
void set_prices(std::vector<OrderLine>& lines, const Products& products) {
    for (OrderLine& line : lines) {
        const auto found = products.find(line.product.key());
        if (found == products.end()) throw Refused(400, fmt::format("there is no product {}", line.product.key()));
        line.price = found->second->price;
    }
}

void take_from_stock(const kith::Database& tx, const std::vector<OrderLine>& lines, const Products& products) {
    for (const OrderLine& line : lines) {
        Product& product = *products.at(line.product.key());
        if (product.stock < line.quantity) {
            throw Refused(409, fmt::format("{} of {} are left", product.stock, product.sku));
        }
        product.stock -= line.quantity;
    }
    tx.objects<Product>().bulk_update(products | std::views::values, "stock"_f);
}

void put_back_into_stock(const kith::Database& tx, const std::vector<OrderLine>& lines) {
    const auto products = lock_products(tx, lines);
    for (const OrderLine& line : lines) products.at(line.product.key())->stock += line.quantity;
    tx.objects<Product>().bulk_update(products | std::views::values, "stock"_f);
}

/// The answer: an order as it is now.
std::string full_order(const kith::Database& db, std::int64_t id) {
    return kith::to_json(get_or_404(with_totals(db.objects<Order>()).prefetch_related("lines__product"), "id"_f = id));
}

} // namespace

kith::QuerySet<Order> with_totals(const kith::QuerySet<Order>& orders) {
    return orders.annotate("total"_f = kith::Sum("lines__price"_f * "lines__quantity"_f));
}

const Listing<Order>& order_listing() {
    static const Listing<Order> orders{
        .filters{"state", "customer", "placed__gte", "placed__lt", "lines__product"},
        .orders{"placed"},
        .includes{"customer", "lines", "lines__product"},
    };
    return orders;
}

/// `[{"product_id": 1, "quantity": 2}, …]`.
Response place_order(const kith::Database& db, const Request& request) {
    auto lines = read_lines(request);
    return db.atomic(
        [&](kith::Database& tx) -> Response {
            const auto customer = get_or_404(tx.objects<Customer>(), "id"_f = request.number());
            const auto products = lock_products(tx, lines);
            set_prices(lines, products);
            const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
            const auto order =
                tx.objects<Order>().create({.customer = customer, .placed = now}, kith::with("lines"_f, lines));
            take_from_stock(tx, lines, products);
            return {201, full_order(tx, order->id)};
        },
        whole);
}

Response list_orders(const kith::Database& db, const Request& request) {
    return order_listing().page(with_totals(db.objects<Order>()), request);
}

Response show_order(const kith::Database& db, const Request& request) {
    return {200, full_order(db, request.number())};
}

Response cancel_order(const kith::Database& db, const Request& request) {
    return db.atomic(
        [&](kith::Database& tx) -> Response {
            const auto order = get_or_404(tx.objects<Order>().select_for_update(), "id"_f = request.number());
            if (order->state == OrderState::cancelled) throw Refused(409, "the order is cancelled already");
            const auto lines = order->lines.all();
            put_back_into_stock(tx, {lines.begin(), lines.end()});
            order->state = OrderState::cancelled;
            tx.save(order);
            return {200, full_order(tx, order->id)};
        },
        whole);
}

} // namespace shop
