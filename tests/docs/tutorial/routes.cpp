#include "service.hpp"

std::span<const Route> routes() {
    static const Route all[]{
        {"GET", "/products", list_products},
        {"POST", "/products", create_product},
        {"GET", "/products/([0-9]+)", show_product},
        {"PATCH", "/products/([0-9]+)", change_product},
        {"POST", "/orders", place_order},
        {"GET", "/orders/([0-9]+)", show_order},
        {"GET", "/reports/sales", report_sales},
    };
    return all;
}
