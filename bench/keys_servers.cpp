// The best way to pass many keys to a server, compiled once for each client library: `kith_bench_keys_SERVER URL`, on
// the travel data. PostgreSQL: one array, with a statement that is kept under a name or planned anew, or IN lists of
// 1,000 parameters. MariaDB: one JSON array, or such lists. Keys without gaps can also be sent as ranges. Prints two
// tables in Markdown. `./dev bench --keys --db SERVER` runs it.

#include "client.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench::hand {
namespace {

constexpr std::size_t chunk = 1000;

/// The cells that are read of a row, so that every technique reads the same.
struct Row {
    std::int64_t owner;
    std::int64_t id;
    std::string name;
};

/// A load by key of three columns, with the number of keys that exist.
struct Load {
    const char* title;
    const char* columns;
    const char* table;
    const char* key;
    const char* joins;
    std::int64_t keys;

    std::string by_source() const { return select_by_keys(columns, table, key, joins); }
    std::string by_list(std::size_t count) const {
        auto text = std::string("SELECT ") + columns + " FROM " + table + joins + " WHERE " + key + " IN (";
        for (std::size_t i = 1; i <= count; ++i) text += parameter(static_cast<int>(i)) + (i < count ? "," : ")");
        return text;
    }
    std::string by_ranges(std::size_t count) const {
        auto text = std::string("SELECT ") + columns + " FROM " + table + joins + " WHERE (";
        for (int i = 0; i < static_cast<int>(count); ++i) {
            text += (i == 0 ? "" : " OR ") + std::string(key) + " BETWEEN " + parameter(2 * i + 1) + " AND " +
                    parameter(2 * i + 2);
        }
        return text + ")";
    }
};

/// Consecutive keys.
struct Run {
    std::int64_t first;
    std::int64_t last;
};

std::vector<Run> runs_of(Keys keys) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i == 0 || keys[i] != keys[i - 1] + 1) runs.push_back({keys[i], keys[i]});
        runs.back().last = keys[i];
    }
    return runs;
}

constexpr Load loads[] = {
    {"by primary key", "p.id, p.id, p.firstname", "person p", "p.id", "", 100'000},
    {"reverse foreign key", "p.hometown_id, p.id, p.firstname", "person p", "p.hometown_id", "", 20'000},
    {"many-to-many, link rows", "v.person_id, v.city_id, ''", "person_visitation v", "v.person_id", "", 100'000},
    {"many-to-many, join", "v.person_id, c.id, c.name", "person_visitation v", "v.person_id",
     " JOIN city c ON c.id = v.city_id", 100'000},
};

/// Statements that stay prepared, as from the library's cache.
class Statements {
public:
    explicit Statements(Database& db) : db_(db) {}

    Statement& get(const std::string& sql, Statement::Kept kept) {
        auto& statement = made_[{sql, kept}];
        if (statement == nullptr) statement = std::make_unique<Statement>(db_, sql, kept);
        return *statement;
    }

private:
    Database& db_;
    std::map<std::pair<std::string, Statement::Kept>, std::unique_ptr<Statement>> made_;
};

void read_all(Statement& statement, std::vector<Row>& rows) {
    statement.start(Place::alone);
    while (statement.next()) {
        auto& row = rows.emplace_back(statement.integer(0), statement.integer(1));
        statement.text(2, row.name);
    }
}

void at_once(Statements& statements, const Load& load, Keys keys, std::vector<Row>& rows, Statement::Kept kept) {
    auto& statement = statements.get(load.by_source(), kept);
    statement.bind(1, keys);
    read_all(statement, rows);
}

void named(Statements& statements, const Load& load, Keys keys, std::vector<Row>& rows) {
    at_once(statements, load, keys, rows, Statement::Kept::yes);
}

void planned_anew(Statements& statements, const Load& load, Keys keys, std::vector<Row>& rows) {
    at_once(statements, load, keys, rows, Statement::Kept::no);
}

void in_lists(Statements& statements, const Load& load, Keys keys, std::vector<Row>& rows) {
    for (std::size_t begin = 0; begin < keys.size(); begin += chunk) {
        const auto count = std::min(chunk, keys.size() - begin);
        auto& statement = statements.get(load.by_list(count), Statement::Kept::yes);
        for (std::size_t i = 0; i < count; ++i) statement.bind(static_cast<int>(i) + 1, keys[begin + i]);
        read_all(statement, rows);
    }
}

void in_ranges(Statements& statements, const Load& load, Keys keys, std::vector<Row>& rows) {
    const auto runs = runs_of(keys);
    auto& statement = statements.get(load.by_ranges(runs.size()), Statement::Kept::no);
    int number = 0;
    for (const auto& [first, last] : runs) {
        statement.bind(++number, first);
        statement.bind(++number, last);
    }
    read_all(statement, rows);
}

struct Technique {
    const char* title;
    void (*run)(Statements&, const Load&, Keys, std::vector<Row>&);
};

std::vector<Technique> techniques() {
    if (parameter(1) == "?") return {{"JSON_TABLE", planned_anew}, {"IN, 1,000 at a time", in_lists}};
    return {{"ANY, named", named}, {"ANY, planned anew", planned_anew}, {"IN, 1,000 at a time", in_lists}};
}

std::vector<Technique> techniques_for_runs() {
    if (parameter(1) == "?") return {{"JSON_TABLE", planned_anew}, {"ranges", in_ranges}};
    return {{"ANY, named", named}, {"ANY, planned anew", planned_anew}, {"ranges", in_ranges}};
}

/// Runs of equal lengths, evenly spread.
std::vector<std::int64_t> dense_keys(std::int64_t all, std::size_t count, std::size_t runs) {
    std::vector<std::int64_t> keys;
    const auto length = static_cast<std::int64_t>(count / runs);
    for (std::size_t run = 0; run < runs; ++run) {
        const auto first = static_cast<std::int64_t>(run) * (all / static_cast<std::int64_t>(runs)) + 1;
        for (auto key = first; key < first + length; ++key) keys.push_back(key);
    }
    return keys;
}

std::vector<std::int64_t> some_keys(std::int64_t all, std::size_t count) {
    std::vector<std::int64_t> keys(static_cast<std::size_t>(all));
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::int64_t>(i) + 1;
    std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
    keys.resize(count);
    std::ranges::sort(keys); // as when read from a table in key order
    return keys;
}

void measure(Statements& statements, const Load& load, const std::string& title, const std::vector<std::int64_t>& keys,
             const std::vector<Technique>& ways) {
    constexpr int warm_up = 7; // PostgreSQL chooses a plan for a named statement after the fifth run
    const int runs = keys.size() > 10'000 ? 7 : 15;
    std::size_t found = 0;
    std::vector<std::vector<double>> times(ways.size());
    for (int run = 0; run < warm_up + runs; ++run) {
        for (std::size_t i = 0; i < ways.size(); ++i) {
            std::vector<Row> rows;
            rows.reserve(found);
            const auto began = std::chrono::steady_clock::now();
            ways[i].run(statements, load, keys, rows);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
            if (run > 0 && rows.size() != found) throw std::runtime_error("the techniques do not find the same rows");
            found = rows.size();
            if (run >= warm_up) times[i].push_back(took.count());
        }
    }
    std::printf("| %s | %zu | %zu |", title.c_str(), keys.size(), found);
    for (auto& of : times) {
        std::ranges::nth_element(of, of.begin() + runs / 2);
        std::printf(" %.3g |", of[static_cast<std::size_t>(runs / 2)]);
    }
    std::printf("\n");
    std::fflush(stdout);
}

void print_head(const std::vector<Technique>& ways) {
    std::printf("| load, ms | keys | rows |");
    for (const auto& way : ways) std::printf(" %s |", way.title);
    std::printf("\n|---|--:|--:|");
    for (std::size_t i = 0; i < ways.size(); ++i) std::printf("--:|");
    std::printf("\n");
}

void compare(const std::string& url) {
    Database db(url);
    Statements statements(db);
    print_head(techniques());
    for (const auto& load : loads) {
        for (const std::size_t count : {10U, 100U, 500U, 1'000U, 3'000U, 10'000U, 100'000U}) {
            if (static_cast<std::int64_t>(count) > load.keys) continue;
            measure(statements, load, load.title, some_keys(load.keys, count), techniques());
        }
    }
    std::printf("\n");
    print_head(techniques_for_runs());
    for (const auto& load : loads) {
        for (const std::size_t count : {32U, 128U, 256U, 1'024U, 8'192U, 16'384U, 65'536U}) {
            if (static_cast<std::int64_t>(count) > load.keys) continue;
            for (const std::size_t runs : {1U, 8U}) {
                measure(statements, load, load.title + std::string(runs == 1 ? ", one run" : ", eight runs"),
                        dense_keys(load.keys, count, runs), techniques_for_runs());
            }
        }
    }
}

} // namespace
} // namespace bench::hand

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s URL\n", argv[0]);
        return 2;
    }
    bench::hand::compare(argv[1]);
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
