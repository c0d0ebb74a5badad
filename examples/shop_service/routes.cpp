#include "handlers.hpp"

namespace shop {

std::span<const Route> routes() {
    // The name of a tag comes with the path: no more than what every database can store.
    static constexpr Route all[]{
        {"GET", "/categories", list_categories},
        {"POST", "/categories", create_category},

        {"GET", "/products", list_products},
        {"POST", "/products", create_product},
        {"GET", "/products/([0-9]+)", show_product},
        {"PATCH", "/products/([0-9]+)", change_product},
        {"DELETE", "/products/([0-9]+)", remove_product},
        {"PUT", "/products/([0-9]+)/tags/([a-z0-9 -]{1,40})", add_tag},
        {"DELETE", "/products/([0-9]+)/tags/([a-z0-9 -]{1,40})", remove_tag},
        {"GET", "/products/([0-9]+)/reviews", list_reviews},
        {"POST", "/products/([0-9]+)/reviews", create_review},
        {"POST", "/prices", import_prices},

        {"POST", "/customers", create_customer},
        {"GET", "/customers/([0-9]+)", show_customer},
        {"GET", "/customers/([0-9]+)/orders", list_orders_of_customer},
        {"POST", "/customers/([0-9]+)/orders", place_order},

        {"GET", "/orders", list_orders},
        {"GET", "/orders/([0-9]+)", show_order},
        {"POST", "/orders/([0-9]+)/cancel", cancel_order},

        {"GET", "/overview", show_overview},
        {"GET", "/reports/sales", report_sales},
    };
    return all;
}

} // namespace shop
