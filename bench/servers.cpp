// What a tree of relations costs on a server, by distance: `./dev bench --servers`.
//
// The database is reached through the proxy of the tests, which delays every byte in either direction.

#include "kith/models.hpp"
#include "support/proxy.hpp"
#include "support/test_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench::tree {

/// The person of the models, in the same table, with three more slots for the visited cities.
struct Person {
    kith::PrimaryKey<> id{};
    std::string firstname{};
    std::string lastname{};
    kith::ForeignKey<City, kith::null> hometown{};
    kith::ForeignKey<City, kith::null> living{};
    kith::ManyToMany<City> visitation{};
    kith::PrefetchedSet<City> early{};
    kith::PrefetchedSet<City> middle{};
    kith::PrefetchedSet<City> late{};
};

namespace {

using namespace kith::literals;

constexpr std::int64_t provinces = 1000;
constexpr std::int64_t cities = 20'000;
constexpr std::int64_t people = 50'000;
constexpr int runs = 25;

void fill(const kith::Database& db) {
    db.create_tables<Province, City, bench::Person>();
    std::vector<Province> all_provinces(provinces);
    for (auto& province : all_provinces) province.name = "Province";
    db.objects<Province>().bulk_create(all_provinces);
    std::vector<City> all_cities(cities);
    for (std::size_t i = 0; i < all_cities.size(); ++i) {
        all_cities[i].name = fmt::format("City {}", i);
        all_cities[i].province.set_key(1 + static_cast<std::int64_t>(i) % provinces);
    }
    db.objects<City>().bulk_create(all_cities);
    std::vector<bench::Person> all_people(people);
    for (std::size_t i = 0; i < all_people.size(); ++i) {
        all_people[i].firstname = fmt::format("First {}", i);
        all_people[i].lastname = fmt::format("Last {}", i);
        all_people[i].hometown.set_key(1 + static_cast<std::int64_t>(i) * 7919 % cities);
        all_people[i].living.set_key(1 + static_cast<std::int64_t>(i) * 104'729 % cities);
    }
    db.objects<bench::Person>().bulk_create(all_people);
    db.raw("INSERT INTO person_visitation (person_id, city_id) SELECT p.id, 1 + (p.id * 31 + n.id * 977) % 20000 "
           "FROM person p, province n WHERE n.id <= 5");
    db.raw(travel::by_backend("", "ANALYZE", "ANALYZE TABLE province, city, person, person_visitation"));
}

kith::QuerySet<Person> ten_people(const kith::Database& db) {
    return db.objects<Person>().filter("id__lte"_f = small_people);
}

/// About a third of them, by a column without an index.
kith::QuerySet<City> some_cities(const kith::Database& db, std::string_view first, std::string_view behind) {
    return db.objects<City>().filter("name__gte"_f = first, "name__lt"_f = behind);
}

/// Six lookups side by side, three behind them, and one behind those.
void load_tree(const kith::Database& db) {
    const auto rows =
        ten_people(db).prefetch_related("hometown__province__city_set", "living__province", "visitation__province",
                                        kith::Prefetch("visitation"_f, some_cities(db, "City 0", "City 3"), "early"_f),
                                        kith::Prefetch("visitation"_f, some_cities(db, "City 3", "City 6"), "middle"_f),
                                        kith::Prefetch("visitation"_f, some_cities(db, "City 6", "City A"), "late"_f));
    (void)rows.size();
}

/// The same, one lookup after the other.
void load_one_by_one(const kith::Database& db) {
    const auto rows = ten_people(db);
    kith::prefetch_related_objects(rows, "hometown");
    kith::prefetch_related_objects(rows, "hometown__province");
    kith::prefetch_related_objects(rows, "hometown__province__city_set");
    kith::prefetch_related_objects(rows, "living");
    kith::prefetch_related_objects(rows, "living__province");
    kith::prefetch_related_objects(rows, "visitation");
    kith::prefetch_related_objects(rows, "visitation__province");
    kith::prefetch_related_objects(rows,
                                   kith::Prefetch("visitation"_f, some_cities(db, "City 0", "City 3"), "early"_f));
    kith::prefetch_related_objects(rows,
                                   kith::Prefetch("visitation"_f, some_cities(db, "City 3", "City 6"), "middle"_f));
    kith::prefetch_related_objects(rows, kith::Prefetch("visitation"_f, some_cities(db, "City 6", "City A"), "late"_f));
}

using Load = void (*)(const kith::Database&);

double milliseconds(Load load, const kith::Database& db) {
    const auto begin = std::chrono::steady_clock::now();
    load(db);
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Medians of several runs of each, in turn, so that other work on the machine affects both.
struct Times {
    std::vector<double> one_by_one{};
    std::vector<double> together{};
    std::vector<double> ratio{};

    void take(const kith::Database& db) {
        one_by_one.push_back(milliseconds(load_one_by_one, db));
        together.push_back(milliseconds(load_tree, db));
        ratio.push_back(one_by_one.back() / together.back());
    }
};

std::size_t round_trips(travel::Proxy& proxy, Load load, const kith::Database& db) {
    proxy.reset();
    load(db);
    return proxy.round_trips();
}

void compare(travel::Proxy& proxy, const kith::Database& db) {
    fmt::print("| added delay, there and back | one by one, ms | prefetch_related, ms | |\n|--:|--:|--:|--:|\n");
    Times warm_up;
    for (int i = 0; i < 3; ++i) warm_up.take(db); // all statements are prepared then
    for (const int microseconds : {0, 500, 1000, 5000}) {
        proxy.delay(std::chrono::microseconds(microseconds / 2));
        Times times;
        for (int i = 0; i < runs; ++i) times.take(db);
        fmt::print("| {} ms | {:.2f} | {:.2f} | {:.1f} × |\n", microseconds / 1000.0, median(times.one_by_one),
                   median(times.together), median(times.ratio));
    }
    proxy.delay({});
    fmt::print("\nRound trips: {} one by one, {} with prefetch_related. Statements: {} in both.\n",
               round_trips(proxy, load_one_by_one, db), round_trips(proxy, load_tree, db),
               count_statements(db, [&] { load_tree(db); }));
}

// ---- strategies

using Strategy = kith::LoadStrategy;
constexpr Strategy strategies[]{Strategy::levels, Strategy::one_trip, Strategy::automatic};

/// A tree below `count` people from `first` on: `width` relations side by side, each `depth` levels deep.
struct Shape {
    std::size_t count;
    int width;
    int depth;

    kith::QuerySet<Person> rows(const kith::Database& db, std::size_t first) const {
        const auto all = db.objects<Person>().order_by("id");
        const auto id = static_cast<std::int64_t>(first);
        const auto some = count == 1 ? all.filter("id"_f = id) : all.filter("id__gte"_f = id).slice(0, count);
        std::vector<kith::Lookup<Person>> lookups;
        for (const auto* start : {"visitation", "hometown", "living"}) {
            if (static_cast<int>(lookups.size()) == width) break;
            std::string path = start;
            if (depth > 1) path += "__province";
            if (depth > 2) path += "__city_set";
            lookups.push_back(kith::runtime(path));
        }
        return some.prefetch_related(lookups);
    }
};

/// Medians for each strategy, in turn.
std::vector<double> times_of(const kith::Database& db, const Shape& shape) {
    std::vector<std::vector<double>> times(std::size(strategies));
    const int repeats = shape.count >= 1000 ? 5 : 11;
    for (int i = -6; i < repeats; ++i) { // first, all statements are prepared and their plans are made
        const auto first = 1 + static_cast<std::size_t>(i + 6) * 37 % (people - shape.count);
        for (std::size_t s = 0; s < times.size(); ++s) {
            const auto rows = shape.rows(db, first).load_strategy(strategies[s]);
            const auto begin = std::chrono::steady_clock::now();
            (void)rows.size();
            const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
            if (i >= 0) times[s].push_back(time.count());
        }
    }
    std::vector<double> medians;
    for (auto& each : times) medians.push_back(median(std::move(each)));
    return medians;
}

void compare_strategies(travel::Proxy& proxy, const std::string& url) {
    fmt::print(
        "\n| delay | people | side by side | levels | levels, ms | one trip, ms | automatic, ms | to the better |\n"
        "|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (const int microseconds : {0, 500, 1000, 5000, 20'000}) {
        proxy.delay(std::chrono::microseconds(microseconds / 2));
        const auto db = kith::connect(url); // which measures its round trips
        for (const std::size_t count : {1U, 10U, 100U, 1000U, 10'000U}) {
            for (const Shape shape : {Shape{count, 1, 1}, Shape{count, 3, 1}, Shape{count, 1, 3}, Shape{count, 3, 3}}) {
                const auto times = times_of(db, shape);
                fmt::print("| {} ms | {} | {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} × |\n", microseconds / 1000.0,
                           count, shape.width, shape.depth, times[0], times[1], times[2],
                           times[2] / std::min(times[0], times[1]));
            }
        }
    }
    proxy.delay({});
}

void run() {
    const travel::TemporaryFolder folder;
    fill(kith::connect(folder.url()));
    travel::Proxy proxy(travel::server_socket(), travel::backend() == travel::Backend::postgresql);
    const auto url =
        folder.url_at(fmt::format("127.0.0.1:{}", proxy.port()), travel::by_backend("", "sslmode=disable", ""));
    fmt::print("\n### {}\n\n", travel::by_backend("", "PostgreSQL", "MariaDB"));
    compare(proxy, kith::connect(url));
    if (travel::backend() == travel::Backend::postgresql) compare_strategies(proxy, url);
}

} // namespace
} // namespace bench::tree

int main() {
    if (travel::variable(travel::server_variable()).empty()) {
        fmt::print("{} names no server: run ./dev bench --servers\n", travel::server_variable());
        return 77;
    }
    bench::tree::run();
}
