#pragma once

#include "models.hpp"

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

struct Request {
    std::vector<std::string> path{}; // what the groups of the route's pattern matched
    std::map<std::string, std::string> query{};
    std::string body{};

    /// Takes one value out of the query; empty if there is none.
    std::string take(const std::string& name) {
        const auto found = query.extract(name);
        return found.empty() ? "" : found.mapped();
    }
};

struct Response {
    int status{200};
    std::string body{};
};

/// The shop's own reasons to say no.
struct Refused : std::runtime_error {
    Refused(int code, const std::string& reason) : std::runtime_error(reason), status(code) {}
    int status;
};

using Handler = Response (*)(const kith::Database&, Request);

/// What the handler returns, or the answer to what it throws.
Response answer(Handler handler, const kith::Database& db, Request request);

struct Route {
    std::string method;
    std::string pattern; // a regular expression
    Handler handler;
};
std::span<const Route> routes();

Response list_products(const kith::Database& db, Request request);
Response show_product(const kith::Database& db, Request request);
Response create_product(const kith::Database& db, Request request);
Response change_product(const kith::Database& db, Request request);
Response place_order(const kith::Database& db, Request request);
Response show_order(const kith::Database& db, Request request);
Response report_sales(const kith::Database& db, Request request);
