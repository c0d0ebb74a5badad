#include "sample.hpp"
#include "service.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
    if (holds) return;
    fmt::print("failed: {}\n", what);
    ++failures;
}

/// The status of an answer, for which nothing may be loaded row by row, again and again, or in vain.
int ask(const kith::Database& db, Handler handler, Request request) {
    const kith::LoadingDetector detector(db, {.rows = 2, .runs = 3});
    const int status = answer(handler, db, std::move(request)).status;
    for (const auto& finding : detector.findings()) expect(false, finding.text());
    return status;
}

} // namespace

int main() {
    const auto db = kith::connect("sqlite::memory:");
    create_sample(db);

    const kith::QueryLog log(db);
    expect(ask(db, list_products, {.query = {{"include", "category"}}}) == 200, "products are listed");
    expect(log.size() == 2, "two statements, however many products");

    const auto order = [&](const std::string& lines) {
        return ask(db, place_order, {.body = R"({"email": "li@example.org", "lines": )" + lines + "}"});
    };
    const std::string one_of_each =
        R"([{"product_id": 1, "quantity": 1}, {"product_id": 2, "quantity": 1}, {"product_id": 3, "quantity": 1}])";
    expect(order(one_of_each) == 201, "one of everything is sold");
    expect(order(R"([{"product_id": 3, "quantity": 3}])") == 409, "two cups are not enough");
    expect(db.objects<Product>().get("id"_f = 3)->stock == 2, "an order that is refused takes nothing");

    const auto change = [&](const std::string& body) { return ask(db, change_product, {.path = {"3"}, .body = body}); };
    expect(change(R"({"version": 1, "stock": 9})") == 409, "a change of what was read before the order is refused");
    expect(change(R"({"version": 2, "stock": -1})") == 400, "a stock is not negative");
    expect(change(R"({"version": 2, "stock": 9})") == 200, "a change of what is there now is made");

    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
