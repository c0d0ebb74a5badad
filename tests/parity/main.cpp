#include "parity/scenarios.hpp"

#include <fmt/core.h>

#include <exception>
#include <filesystem>

/// Makes the file that it is given, fills it, runs every scenario in a transaction that is rolled back, and prints a
/// line of JSON for each.
namespace {

struct Undo {};

std::string run(const kith::Database& db, const parity::Scenario& scenario) {
    std::string line;
    try {
        db.atomic([&] {
            const kith::QueryLog log(db);
            const auto result = scenario.run(db);
            std::vector<parity::Json> sql;
            for (const auto& entry : log.entries()) sql.emplace_back(entry.sql);
            line = fmt::format(R"({{"name": "{}", "result": {}, "statements": {}, "sql": {}}})", scenario.name,
                               result.text(), sql.size(), parity::Json(sql).text());
            throw Undo{};
        });
    } catch (const Undo&) {}
    return line;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: kith_parity FILE\n");
        return 2;
    }
    try {
        std::filesystem::remove(argv[1]);
        const auto db = kith::connect(std::string("sqlite:") + argv[1]);
        press::fill(db);
        std::vector<parity::Scenario> scenarios;
        parity::add_loading(scenarios);
        parity::add_prefetching(scenarios);
        parity::add_queries(scenarios);
        parity::add_writes(scenarios);
        for (const auto& scenario : scenarios) fmt::print("{}\n", run(db, scenario));
    } catch (const std::exception& error) {
        fmt::print(stderr, "kith_parity: {}\n", error.what());
        return 1;
    }
    return 0;
}
