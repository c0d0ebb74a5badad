#include "service.hpp"

#include <kith/json.hpp>

#include <fmt/format.h>

#include <chrono>
#include <ranges>
#include <set>
#include <vector>

using namespace std::chrono_literals;

namespace {

/// The body of an order: `{"email": "li@example.org", "lines": [{"product_id": 1, "quantity": 2}]}`.
struct NewOrder {
    std::string email{};
    kith::Json lines{};

    static constexpr kith::Table table{.read_only = true};
};

const kith::Members<NewOrder> order_members{"email", "lines"};
const kith::Members<OrderLine> line_members{"product", "quantity"};

std::vector<OrderLine> read_lines(const NewOrder& given) {
    auto lines =
        kith::from_json<std::vector<OrderLine>>(given.lines.text, line_members.require({"product", "quantity"}));
    if (lines.empty() || lines.size() > 100) throw Refused(400, "an order has 1 to 100 lines");
    for (const OrderLine& line : lines)
        if (line.quantity < 1 || line.quantity > 1000) throw Refused(400, "a quantity is 1 to 1000");
    return lines;
}

/// Takes the lines out of the stock, and gives them today's prices.
void take_from_stock(const kith::Database& tx, std::vector<OrderLine>& lines) {
    std::set<std::int64_t> keys;
    for (const OrderLine& line : lines) keys.insert(line.product.key());
    // Locked in the order of their keys: two orders never wait for each other in a circle.
    const auto products = tx.objects<Product>().order_by("id").select_for_update().in_bulk(keys);
    for (OrderLine& line : lines) {
        const auto found = products.find(line.product.key());
        if (found == products.end()) throw Refused(400, "no such product");
        Product& product = *found->second;
        if (product.stock < line.quantity) throw Refused(409, fmt::format("{} of {} left", product.stock, product.sku));
        product.stock -= line.quantity;
        line.price = product.price;
    }
    tx.objects<Product>().bulk_update(products | std::views::values, "stock"_f);
}

kith::QuerySet<Order> full_orders(const kith::Database& db) {
    return db.objects<Order>()
        .annotate("total"_f = kith::Sum("lines__price"_f * "lines__quantity"_f))
        .prefetch_related("lines__product");
}

} // namespace

Response place_order(const kith::Database& db, Request request) {
    const auto given = kith::from_json<NewOrder>(request.body, order_members.require({"email", "lines"}));
    const auto given_lines = read_lines(given);
    return db.atomic(
        [&](kith::Database& tx) -> Response {
            auto lines = given_lines; // the block may run again
            take_from_stock(tx, lines);
            const auto order = tx.objects<Order>().create({.email = given.email}, kith::with("lines"_f, lines));
            return {201, kith::to_json(full_orders(tx).get("id"_f = order->id))};
        },
        {.deadline = 2s, .retries = 5});
}

Response show_order(const kith::Database& db, Request request) {
    return {200, kith::to_json(full_orders(db).get("id"_f = kith::Text(request.path[0])))};
}

namespace {

struct Sales {
    std::string category{};
    std::int64_t quantity{};
    kith::Decimal revenue{};

    static constexpr kith::Table table{.read_only = true};
};

} // namespace

Response report_sales(const kith::Database& db, Request) {
    const auto lines = db.objects<OrderLine>().order_by("product__category__name");
    std::vector<Sales> report;
    for (const auto& [category, quantity, revenue] :
         lines.group_by<"product__category__name">(kith::Sum("quantity"_f), kith::Sum("price"_f * "quantity"_f)))
        report.push_back({category, quantity.value_or(0), revenue.value_or(kith::Decimal())});
    return {200, kith::to_json(report)};
}
