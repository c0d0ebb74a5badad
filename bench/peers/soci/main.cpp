// The workloads of the benchmark with SOCI.

#include "common/cases.hpp"
#include "common/measure.hpp"
#include "common/scratch_copy.hpp"
#include "models.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <type_traits>

namespace {

using namespace bench;
using namespace bench::peer;

constexpr Range everybody{.first = 1, .last = std::numeric_limits<long long>::max()};

/// SOCI reports each query to its logger; here they are counted.
class Counter : public soci::logger_impl {
public:
    explicit Counter(std::size_t& count) : count_(count) {}
    void start_query(const std::string&) override { ++count_; }

private:
    soci::logger_impl* do_clone() const override { return new Counter(count_); }

    std::size_t& count_;
};

/// The library's connection, and the number of statements that it ran.
struct Connection {
    explicit Connection(const std::string& path) : sql(soci::sqlite3, "db=\"" + path + "\"") {
        sql.set_logger(new Counter(statements));
    }

    std::size_t statements{0};
    soci::session sql;
};

// --- The walks, which prove that everything was loaded ---------------------------------------------------------------

std::uint64_t walk_hometowns(const Graph& graph) {
    std::uint64_t sum = 0;
    for (const auto& person : graph.people) {
        sum += number(person.id) * 3 + length(person.firstname) * 7;
        if (person.hometown != nullptr) sum += number(person.hometown->id) * 5 + length(person.hometown->name);
    }
    return sum;
}

std::uint64_t walk_cities(const Graph& graph) {
    std::uint64_t sum = 0;
    for (const auto& province : graph.provinces) {
        for (const auto* city : province.cities)
            sum += number(province.id) * 3 + number(city->id) * 5 + length(city->name);
    }
    return sum;
}

std::uint64_t walk_visits(const Graph& graph) {
    std::uint64_t sum = 0;
    for (const auto& person : graph.people) {
        for (const auto* city : person.visitation) sum += number(person.id) + number(city->id) * 5 + length(city->name);
    }
    return sum;
}

std::uint64_t walk_visited_provinces(const Graph& graph) {
    std::uint64_t sum = 0;
    for (const auto& person : graph.people) {
        for (const auto* city : person.visitation) {
            sum += number(person.id) + number(city->id) * 5;
            sum += number(city->province->id) * 7 + length(city->province->name);
        }
    }
    return sum;
}

std::uint64_t walk_joined(const Graph& graph) {
    std::uint64_t sum = 0;
    for (const auto& person : graph.people) {
        sum += number(person.id) * 3;
        if (person.hometown == nullptr) continue;
        const auto& province = *person.hometown->province;
        sum += number(person.hometown->id) * 5 + length(person.hometown->name);
        sum += number(province.id) * 7 + length(province.name);
    }
    return sum;
}

std::uint64_t walk_plain(const std::vector<Person>& people) {
    std::uint64_t sum = 0;
    for (const auto& person : people)
        sum += number(person.id) * 3 + length(person.firstname) + length(person.lastname) * 7;
    return sum;
}

// --- The workloads ---------------------------------------------------------------------------------------------------

template <auto load, auto walk, auto rows>
void load_once(Run& run) {
    Connection connection(run.database());
    const auto loaded = run.measure([&] {
        if constexpr (std::is_invocable_v<decltype(load), soci::session&, Range>) {
            return load(connection.sql, everybody);
        } else {
            return load(connection.sql);
        }
    });
    run.statements(connection.statements);
    run.rows(rows(loaded));
    run.checksum(walk(loaded));
}

constexpr auto count_rows = [](const std::vector<Person>& people) { return people.size(); };
constexpr auto count_people = [](const Graph& graph) { return graph.people.size(); };
constexpr auto count_provinces = [](const Graph& graph) { return graph.provinces.size(); };

/// W5. A chunk is a range of ids, because the statement of the visits must name it too.
void stream(Run& run) {
    Connection connection(run.database());
    std::uint64_t sum = 0;
    run.rows(run.measure([&] {
        std::size_t people = 0;
        constexpr auto chunk = static_cast<long long>(stream_chunk);
        for (Range range{.first = 1, .last = chunk};; range = {.first = range.last + 1, .last = range.last + chunk}) {
            const auto graph = load_visits(connection.sql, range);
            if (graph.people.empty()) return people;
            people += graph.people.size();
            sum += walk_visits(graph);
        }
    }));
    run.statements(connection.statements);
    run.checksum(sum);
}

void load_small(Run& run) {
    Connection connection(run.database());
    long long people = 0;
    connection.sql << "SELECT count(*) FROM person", soci::into(people);
    const auto ten_people = [&](std::int64_t i) {
        const auto first = small_first(i, people);
        return load_visits_and_provinces(connection.sql, {.first = first, .last = first + small_people - 1});
    };
    for (std::int64_t i = 0; i < small_warm_up; ++i) (void)ten_people(i);
    const auto before = connection.statements;
    run.rows(run.measure([&] {
        std::size_t rows = 0;
        for (std::int64_t i = 0; i < small_times; ++i) rows += ten_people(i).people.size();
        return rows;
    }));
    run.per(static_cast<std::size_t>(small_times));
    run.statements((connection.statements - before) / static_cast<std::size_t>(small_times));
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < small_checked; ++i) sum += walk_visited_provinces(ten_people(i));
    run.checksum(sum);
}

void create(Run& run) {
    const ScratchCopy copy(run.database());
    Connection connection(copy.path());
    auto people = make_people<Person>();
    run.rows(run.measure([&] {
        create_people(connection.sql, people);
        return people.size();
    }));
    run.statements(connection.statements);
    long long sum = 0;
    connection.sql << "SELECT sum(hometown_id) FROM person WHERE id > 100000", soci::into(sum);
    run.checksum(number(sum));
}

constexpr std::array<Workload, 9> workloads{{
    {"W1", load_once<load_hometowns, walk_hometowns, count_people>},
    {"W2", load_once<load_cities_of_provinces, walk_cities, count_provinces>},
    {"W3", load_once<load_visits, walk_visits, count_people>},
    {"W4", load_once<load_visits_and_provinces, walk_visited_provinces, count_people>},
    {"W5", stream},
    {"W6", load_once<load_joined, walk_joined, count_people>},
    {"W7", load_once<load_people, walk_plain, count_rows>},
    {"W8", load_small},
    {"W9", create},
}};

} // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::ranges::find(workloads, std::string_view(argv[1]), &Workload::name) == workloads.end()) {
        std::printf("{\"workload\":\"%s\",\"skipped\":\"not written for this peer\"}\n", argv[1]);
        return 0;
    }
    return run_variant(argc, argv, "4.0.3", workloads);
}
