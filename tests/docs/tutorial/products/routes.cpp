#include "service.hpp"

std::span<const Route> routes() {
    static const Route all[]{
        {"GET", "/products", list_products},
        {"POST", "/products", create_product},
        {"GET", "/products/([0-9]+)", show_product},
        {"PATCH", "/products/([0-9]+)", change_product},
    };
    return all;
}
