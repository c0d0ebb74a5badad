// The best way to pass many keys to SQLite: the library's table-valued function over a bound pointer, json_each over
// one text parameter, or IN lists of 1,000 parameters. Prints a table in Markdown: medians of processor time in
// milliseconds, which a busy machine disturbs less than wall-clock time. `./dev bench --keys` runs it.

#include "backend/sqlite/encoding.hpp"
#include "backend/sqlite/key_source.hpp"
#include "sql/statement.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Keys = std::vector<std::int64_t>;

constexpr int people = 100'000;
constexpr int cities = 20'000;
constexpr int visits_each = 5;
constexpr int orders_each = 3;
constexpr std::size_t chunk = 1000;
constexpr int runs = 9;

sqlite3* db = nullptr;

void require(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fmt::print(stderr, "{}\n", sqlite3_errmsg(db));
    std::exit(1);
}

void execute(const std::string& sql) { require(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr)); }

/// A statement that is prepared once, as from the library's cache.
sqlite3_stmt* prepared(const std::string& sql) {
    static std::map<std::string, sqlite3_stmt*> cache;
    sqlite3_stmt*& statement = cache[sql];
    if (statement == nullptr)
        require(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
}

/// The cells that are read of a row, so that every technique reads the same.
struct Row {
    std::int64_t owner;
    std::int64_t id;
    std::string name;
};

void read_all(sqlite3_stmt* statement, std::vector<Row>& rows) {
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(statement, 2));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 2));
        rows.push_back(
            {sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), std::string(name, size)});
    }
    require(code);
    require(sqlite3_reset(statement));
    require(sqlite3_clear_bindings(statement));
}

/// A load by key, in the three ways. The key replaces `{}`, or drives the join as `k`.
struct Load {
    std::string_view name;
    std::string by_source; ///< `{0}` is the source of keys with its alias, `{1}` the ordinal, `{2}` the key
    std::string by_list;   ///< `{}` is the list
};

void by_function(const Load& load, const Keys& keys, std::vector<Row>& rows) {
    const kith::detail::ColumnType types[] = {kith::detail::ColumnType::int64};
    auto set = std::make_unique<kith::sql::KeySet>(types);
    set->column(0).integers = keys;
    auto* statement = prepared(fmt::format(fmt::runtime(load.by_source), "kith_keys(?1) AS k", "k.ordinal", "k.key0"));
    require(sqlite3_bind_pointer(statement, 1, set.get(), kith::backend::sqlite::key_source_pointer, nullptr));
    read_all(statement, rows);
}

void by_json(const Load& load, const Keys& keys, std::vector<Row>& rows) {
    std::string json = "[";
    for (const auto key : keys) fmt::format_to(std::back_inserter(json), "{},", key);
    json.back() = ']';
    auto* statement = prepared(fmt::format(fmt::runtime(load.by_source), "json_each(?1) AS k", "k.key", "k.value"));
    require(sqlite3_bind_text64(statement, 1, json.data(), json.size(), SQLITE_STATIC, SQLITE_UTF8));
    read_all(statement, rows);
}

void by_chunks(const Load& load, const Keys& keys, std::vector<Row>& rows) {
    for (std::size_t begin = 0; begin < keys.size(); begin += chunk) {
        const std::size_t count = std::min(chunk, keys.size() - begin);
        std::string list = "?";
        for (std::size_t i = 1; i < count; ++i) list += ",?";
        auto* statement = prepared(fmt::format(fmt::runtime(load.by_list), list));
        for (std::size_t i = 0; i < count; ++i) {
            require(sqlite3_bind_int64(statement, static_cast<int>(i) + 1, keys[begin + i]));
        }
        read_all(statement, rows);
    }
}

void fill() {
    execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
            "CREATE TABLE city(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "CREATE TABLE visit(id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, city_id INTEGER NOT NULL);"
            "CREATE TABLE purchase(id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, name TEXT NOT NULL);");
    const auto numbers = [](int count) {
        return fmt::format("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) ", count);
    };
    execute(numbers(cities) + "INSERT INTO city SELECT i, 'City number ' || i FROM n");
    execute(numbers(people) + "INSERT INTO person SELECT i, 'Person number ' || i FROM n");
    // Multiplying by a prime scatters the links without a source of randomness.
    execute(numbers(people * visits_each) +
            fmt::format("INSERT INTO visit SELECT i, i * 7919 % {} + 1, i * 104729 % {} + 1 FROM n", people, cities));
    execute(numbers(people * orders_each) +
            fmt::format("INSERT INTO purchase SELECT i, i * 7919 % {} + 1, 'Purchase number ' || i FROM n", people));
    execute("CREATE INDEX visit_person ON visit(person_id, city_id);"
            "CREATE INDEX purchase_person ON purchase(person_id); COMMIT;");
}

Keys some_keys(std::size_t count) {
    Keys keys(people);
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::int64_t>(i) + 1;
    std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
    keys.resize(count);
    std::ranges::sort(keys); // as when read from a table in key order
    return keys;
}

using Technique = void (*)(const Load&, const Keys&, std::vector<Row>&);

double processor_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds(Technique technique, const Load& load, const Keys& keys, std::size_t& found) {
    std::vector<Row> rows;
    rows.reserve(found);
    const double began = processor_milliseconds();
    technique(load, keys, rows);
    const double took = processor_milliseconds() - began;
    if (found != 0 && rows.size() != found) {
        fmt::print(stderr, "{} rows rather than {}\n", rows.size(), found);
        std::exit(1);
    }
    found = rows.size();
    return took;
}

void measure(const Load& load, std::size_t count) {
    constexpr std::pair<std::string_view, Technique> techniques[] = {
        {"function", by_function}, {"json_each", by_json}, {"IN", by_chunks}};
    const Keys keys = some_keys(count);
    std::size_t found = 0;
    std::vector<std::vector<double>> times(std::size(techniques));
    for (int run = 0; run <= runs; ++run) {
        for (std::size_t i = 0; i < times.size(); ++i) {
            const double took = milliseconds(techniques[i].second, load, keys, found);
            if (run > 0) times[i].push_back(took); // the first run only warms up
        }
    }
    fmt::print("| {} | {} | {} |", load.name, count, found);
    for (auto& of : times) {
        std::ranges::nth_element(of, of.begin() + runs / 2);
        fmt::print(" {:.3g} |", of[runs / 2]);
    }
    fmt::print("\n");
}

} // namespace

int main() {
    require(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr));
    static constexpr kith::backend::sqlite::Encodings encodings;
    require(kith::backend::sqlite::register_key_source(db, encodings));
    fill();
    const Load loads[] = {
        {.name = "many-to-many, join",
         .by_source = "SELECT {1}, c.id, c.name FROM {0} CROSS JOIN visit v ON v.person_id = {2} "
                      "CROSS JOIN city c ON c.id = v.city_id",
         .by_list = "SELECT v.person_id, c.id, c.name FROM visit v JOIN city c ON c.id = v.city_id "
                    "WHERE v.person_id IN ({})"},
        {.name = "many-to-many, link rows",
         .by_source = "SELECT {1}, v.city_id, '' FROM {0} CROSS JOIN visit v ON v.person_id = {2}",
         .by_list = "SELECT v.person_id, v.city_id, '' FROM visit v WHERE v.person_id IN ({})"},
        {.name = "reverse foreign key",
         .by_source = "SELECT {1}, p.id, p.name FROM {0} CROSS JOIN purchase p ON p.person_id = {2}",
         .by_list = "SELECT p.person_id, p.id, p.name FROM purchase p WHERE p.person_id IN ({})"},
        {.name = "by primary key",
         .by_source = "SELECT {1}, p.id, p.name FROM {0} CROSS JOIN person p ON p.id = {2}",
         .by_list = "SELECT p.id, p.id, p.name FROM person p WHERE p.id IN ({})"},
    };
    fmt::print("SQLite {}\n\n", sqlite3_libversion());
    fmt::print(
        "| load, ms | keys | rows | table-valued function | json_each | IN, {} a time |\n|---|---|---|---|---|---|\n",
        chunk);
    for (const auto& load : loads) {
        for (const std::size_t count : {10U, 1'000U, 100'000U}) measure(load, count);
    }
}
