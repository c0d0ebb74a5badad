#include "handlers.hpp"
#include "models.hpp"

#include <kith/json.hpp>

#include <fmt/format.h>

#include <vector>

/// Numbers for the shop's staff.
namespace shop {

namespace {

struct CategorySales {
    std::string category{};
    std::int64_t quantity{};
    kith::Decimal revenue{};

    static constexpr kith::Table table{.read_only = true};
};

} // namespace

/// Four queries, one state of the database, and on PostgreSQL one round trip.
Response show_overview(const kith::Database& db, const Request&) {
    const auto [products, customers, placed, scarce] =
        kith::evaluate_together(kith::count_of(db.objects<Product>()), kith::count_of(db.objects<Customer>()),
                                kith::count_of(db.objects<Order>().filter("state"_f = OrderState::placed)),
                                db.objects<Product>().filter("stock__lt"_f = 5).order_by("stock", "id").slice(0, 10));
    return {200, fmt::format(R"({{"products":{},"customers":{},"placed_orders":{},"scarce":{}}})", products, customers,
                             placed, kith::to_json(scarce))};
}

Response report_sales(const kith::Database& db, const Request&) {
    const auto lines = db.objects<OrderLine>().filter("order__state"_f = OrderState::placed);
    std::vector<CategorySales> report;
    for (const auto& [category, quantity, revenue] :
         lines.order_by("product__category__name")
             .group_by<"product__category__name">(kith::Sum("quantity"_f), kith::Sum("price"_f * "quantity"_f))) {
        report.push_back({category, quantity.value_or(0), revenue.value_or(kith::Decimal())});
    }
    return {200, kith::to_json(report)};
}

} // namespace shop
