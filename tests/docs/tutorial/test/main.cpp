#include "sample.hpp"
#include "service.hpp"

#include <fmt/core.h>

#include <cstdlib>

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    fmt::print("failed: {}\n", what);
    ++failures;
}

int main() {
    const auto db = kith::connect("sqlite::memory:");
    create_sample(db);
    const kith::LoadingDetector detector(db, {.rows = 2, .runs = 5});

    kith::QueryLog log(db);
    expect(answer(list_products, db, {.query = {{"include", "category"}}}).status == 200, "products are listed");
    expect(log.size() == 2, "two statements, however many products");

    const auto order = [&](const char* lines) {
        return answer(place_order, db, {{"li@example.org"}, {}, lines}).status;
    };
    expect(order(R"([{"product_id": 3, "quantity": 2}])") == 201, "two of three cups are sold");
    expect(order(R"([{"product_id": 3, "quantity": 2}])") == 409, "one cup is not enough");
    expect(db.objects<Product>().get("id"_f = 3)->stock == 1, "an order that is refused takes nothing");

    for (const auto& finding : detector.findings()) expect(false, finding.text().c_str());
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
