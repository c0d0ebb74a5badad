#pragma once

#include "http.hpp"

/// The handlers, by the files that have them; routes.cpp has their paths.
namespace shop {

// catalogue.cpp
Response list_categories(const kith::Database& db, const Request& request);
Response create_category(const kith::Database& db, const Request& request);
Response list_products(const kith::Database& db, const Request& request);
Response show_product(const kith::Database& db, const Request& request);
Response create_product(const kith::Database& db, const Request& request);
Response change_product(const kith::Database& db, const Request& request);
Response remove_product(const kith::Database& db, const Request& request);
Response add_tag(const kith::Database& db, const Request& request);
Response remove_tag(const kith::Database& db, const Request& request);
Response import_prices(const kith::Database& db, const Request& request);

// customers.cpp
Response create_customer(const kith::Database& db, const Request& request);
Response show_customer(const kith::Database& db, const Request& request);
Response list_orders_of_customer(const kith::Database& db, const Request& request);
Response create_review(const kith::Database& db, const Request& request);
Response list_reviews(const kith::Database& db, const Request& request);

// orders.cpp
Response place_order(const kith::Database& db, const Request& request);
Response list_orders(const kith::Database& db, const Request& request);
Response show_order(const kith::Database& db, const Request& request);
Response cancel_order(const kith::Database& db, const Request& request);

// reports.cpp
Response show_overview(const kith::Database& db, const Request& request);
Response report_sales(const kith::Database& db, const Request& request);

} // namespace shop
