// What loading costs on a server, and how far away it may be: `./dev bench --servers`.
//
// The database is reached through the proxy of the tests, which keeps every byte back for a while in either direction.

#include "support/proxy.hpp"
#include "support/test_database.hpp"

#include <kith/kith.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>
#ifdef KITH_WITH_POSTGRESQL
#include <libpq-fe.h>
#endif

using namespace kith::literals;

namespace bench {

struct City;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
};

struct Person {
    kith::PrimaryKey<> id{};
    std::string firstname{};
    std::string lastname{};
    kith::ForeignKey<City> hometown{};
    kith::ForeignKey<City> living{};
    kith::ManyToMany<City> visitation{};
    kith::PrefetchedSet<City> early{};
    kith::PrefetchedSet<City> middle{};
    kith::PrefetchedSet<City> late{};
};

namespace {

constexpr std::int64_t provinces = 1000;
constexpr std::int64_t cities = 20'000;
constexpr std::int64_t people = 50'000;
constexpr std::int64_t page = 10; // people of the tree

void fill(const kith::Database& db) {
    db.create_tables<Province, City, Person>();
    std::vector<Province> all_provinces(provinces);
    for (auto& province : all_provinces) province.name = "Province";
    db.objects<Province>().bulk_create(all_provinces);
    std::vector<City> all_cities(cities);
    for (std::size_t i = 0; i < all_cities.size(); ++i) {
        all_cities[i].name = fmt::format("City {}", i);
        all_cities[i].province.set_key(1 + static_cast<std::int64_t>(i) % provinces);
    }
    db.objects<City>().bulk_create(all_cities);
    std::vector<Person> all_people(people);
    for (std::size_t i = 0; i < all_people.size(); ++i) {
        all_people[i].firstname = fmt::format("First {}", i);
        all_people[i].lastname = fmt::format("Last {}", i);
        all_people[i].hometown.set_key(1 + static_cast<std::int64_t>(i) * 7919 % cities);
        all_people[i].living.set_key(1 + static_cast<std::int64_t>(i) * 104'729 % cities);
    }
    db.objects<Person>().bulk_create(all_people);
    db.raw("INSERT INTO person_visitation (person_id, city_id) SELECT p.id, 1 + (p.id * 31 + n.id * 977) % 20000 "
           "FROM person p, province n WHERE n.id <= 5");
}

/// Six lookups side by side, three behind them, and one behind those.
kith::QuerySet<Person> tree(const kith::Database& db) {
    const auto part = [&](std::int64_t first, std::int64_t last) {
        return db.objects<City>().filter("id__gte"_f = first, "id__lte"_f = last);
    };
    return db.objects<Person>()
        .filter("id__lte"_f = page)
        .prefetch_related("hometown__province__city_set", "living__province", "visitation__province",
                          kith::Prefetch("visitation"_f, part(1, 7000), "early"_f),
                          kith::Prefetch("visitation"_f, part(7001, 14'000), "middle"_f),
                          kith::Prefetch("visitation"_f, part(14'001, 20'000), "late"_f));
}

/// The same, lookup after lookup.
void load_one_by_one(const kith::Database& db) {
    const auto rows = db.objects<Person>().filter("id__lte"_f = page);
    kith::prefetch_related_objects(rows, "hometown");
    kith::prefetch_related_objects(rows, "hometown__province");
    kith::prefetch_related_objects(rows, "hometown__province__city_set");
    kith::prefetch_related_objects(rows, "living");
    kith::prefetch_related_objects(rows, "living__province");
    kith::prefetch_related_objects(rows, "visitation");
    kith::prefetch_related_objects(rows, "visitation__province");
    const auto part = [&](std::int64_t first, std::int64_t last) {
        return db.objects<City>().filter("id__gte"_f = first, "id__lte"_f = last);
    };
    kith::prefetch_related_objects(rows, kith::Prefetch("visitation"_f, part(1, 7000), "early"_f));
    kith::prefetch_related_objects(rows, kith::Prefetch("visitation"_f, part(7001, 14'000), "middle"_f));
    kith::prefetch_related_objects(rows, kith::Prefetch("visitation"_f, part(14'001, 20'000), "late"_f));
}

/// The median of several runs, in milliseconds.
double milliseconds(int runs, const std::function<void()>& work) {
    std::vector<double> times;
    for (int i = 0; i < runs + 3; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
        if (i >= 3) times.push_back(taken.count()); // statements are prepared by then
    }
    std::ranges::nth_element(times, times.begin() + runs / 2);
    return times[static_cast<std::size_t>(runs / 2)];
}

std::size_t round_trips(travel::Proxy& proxy, const std::function<void()>& work) {
    proxy.reset();
    work();
    return proxy.round_trips();
}

void compare_distances(travel::Proxy& proxy, const kith::Database& db) {
    const auto together = [&] { (void)tree(db).size(); };
    const auto one_by_one = [&] { load_one_by_one(db); };
    (void)milliseconds(5, one_by_one);
    (void)milliseconds(5, together);
    fmt::print("\n| added delay, round trip | one by one, ms | prefetch_related, ms | |\n|---|---|---|---|\n");
    for (const int delay : {0, 500, 1000, 5000}) {
        proxy.delay(std::chrono::microseconds(delay / 2));
        const int runs = delay > 1000 ? 7 : 25;
        const auto slow = milliseconds(runs, one_by_one);
        const auto quick = milliseconds(runs, together);
        fmt::print("| {} ms | {:.2f} | {:.2f} | {:.1f} × |\n", delay / 1000.0, slow, quick, slow / quick);
    }
    fmt::print("\nRound trips: {} one by one, {} by prefetch_related.\n", round_trips(proxy, one_by_one),
               round_trips(proxy, together));
    proxy.delay(std::chrono::microseconds(0));
}

// ---- whole tables, beside code by hand

void load_hometowns(const kith::Database& db) { (void)db.objects<Person>().prefetch_related("hometown").size(); }
void load_visitation(const kith::Database& db) { (void)db.objects<Person>().prefetch_related("visitation").size(); }

#ifdef KITH_WITH_POSTGRESQL

namespace hand {

struct City {
    std::int64_t id;
    std::string name;
    std::int64_t province;
};
struct Person {
    std::int64_t id;
    std::string firstname;
    std::string lastname;
    std::int64_t hometown;
    std::int64_t living;
    const City* home{nullptr};
    std::vector<const City*> visitation{};
};

/// libpq, binary both ways, statements prepared, in one snapshot.
class Database {
public:
    explicit Database(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        prepare("people", "SELECT id, firstname, lastname, hometown_id, living_id FROM person");
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { PQfinish(connection_); }

    void load_hometowns() {
        control("BEGIN ISOLATION LEVEL REPEATABLE READ");
        auto rows = load_people();
        std::vector<std::int64_t> keys;
        for (const auto& row : rows) keys.push_back(row.hometown);
        const auto found = load_cities(std::move(keys));
        const auto by_id = index(found);
        for (auto& row : rows) row.home = by_id.at(row.hometown);
        control("COMMIT");
    }
    void load_visitation() {
        control("BEGIN ISOLATION LEVEL REPEATABLE READ");
        auto rows = load_people();
        std::unordered_map<std::int64_t, Person*> people_by_id;
        std::vector<std::int64_t> keys;
        for (auto& row : rows) {
            keys.push_back(row.id);
            people_by_id[row.id] = &row;
        }
        const auto array = encode(keys);
        const char* value = array.data();
        const int length = static_cast<int>(array.size());
        const int binary = 1;
        auto* links = PQexecParams(connection_,
                                   "SELECT person_id, city_id FROM person_visitation WHERE person_id = ANY($1)", 1, &array_type,
                                   &value, &length, &binary, 1);
        require(links, PGRES_TUPLES_OK);
        std::vector<std::int64_t> targets;
        for (int i = 0; i < PQntuples(links); ++i) targets.push_back(number(links, i, 1));
        const auto found = load_cities(std::move(targets));
        const auto by_id = index(found);
        for (int i = 0; i < PQntuples(links); ++i) {
            people_by_id.at(number(links, i, 0))->visitation.push_back(by_id.at(number(links, i, 1)));
        }
        PQclear(links);
        control("COMMIT");
    }

private:
    static constexpr Oid array_type = 1016;

    void require(PGresult* result, ExecStatusType wanted) const {
        if (PQresultStatus(result) != wanted) throw std::runtime_error(PQerrorMessage(connection_));
    }
    void prepare(const char* name, const char* sql) {
        auto* result = PQprepare(connection_, name, sql, 0, nullptr);
        require(result, PGRES_COMMAND_OK);
        PQclear(result);
    }
    void control(const char* sql) {
        auto* result = PQexec(connection_, sql);
        require(result, PGRES_COMMAND_OK);
        PQclear(result);
    }
    static std::int64_t big_endian(const char* data, int bytes) {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i) value = value << 8U | static_cast<unsigned char>(data[i]);
        return static_cast<std::int64_t>(value);
    }
    static std::int64_t number(const PGresult* result, int row, int column) {
        return big_endian(PQgetvalue(result, row, column), PQgetlength(result, row, column));
    }
    static std::string text(const PGresult* result, int row, int column) {
        return {PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))};
    }
    static void append(std::string& out, std::int64_t value, int bytes) {
        for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    }
    static std::string encode(const std::vector<std::int64_t>& keys) {
        std::string out;
        out.reserve(20 + keys.size() * 12);
        for (const std::int64_t head : {1, 0, 20, static_cast<int>(keys.size()), 1}) append(out, head, 4);
        for (const auto key : keys) {
            append(out, 8, 4);
            append(out, key, 8);
        }
        return out;
    }
    std::vector<Person> load_people() {
        auto* result = PQexecPrepared(connection_, "people", 0, nullptr, nullptr, nullptr, 1);
        require(result, PGRES_TUPLES_OK);
        std::vector<Person> rows;
        rows.reserve(static_cast<std::size_t>(PQntuples(result)));
        for (int i = 0; i < PQntuples(result); ++i) {
            rows.push_back({number(result, i, 0), text(result, i, 1), text(result, i, 2), number(result, i, 3),
                            number(result, i, 4)});
        }
        PQclear(result);
        return rows;
    }
    std::vector<City> load_cities(std::vector<std::int64_t> keys) {
        std::ranges::sort(keys);
        keys.erase(std::ranges::unique(keys).begin(), keys.end());
        const auto array = encode(keys);
        const char* value = array.data();
        const int length = static_cast<int>(array.size());
        const int binary = 1;
        auto* result = PQexecParams(connection_, "SELECT id, name, province_id FROM city WHERE id = ANY($1)", 1,
                                    &array_type, &value, &length, &binary, 1);
        require(result, PGRES_TUPLES_OK);
        std::vector<City> rows;
        rows.reserve(static_cast<std::size_t>(PQntuples(result)));
        for (int i = 0; i < PQntuples(result); ++i) {
            rows.push_back({number(result, i, 0), text(result, i, 1), number(result, i, 2)});
        }
        PQclear(result);
        return rows;
    }
    static std::unordered_map<std::int64_t, const City*> index(const std::vector<City>& rows) {
        std::unordered_map<std::int64_t, const City*> by_id(rows.size());
        for (const auto& row : rows) by_id.emplace(row.id, &row);
        return by_id;
    }

    PGconn* connection_;
};

} // namespace hand

#endif

void compare_with_hand(const std::string& url, const kith::Database& db) {
    constexpr int runs = 9;
    fmt::print("\n| {} people, no delay | with Kith, ms | by hand, ms | |\n|---|---|---|---|\n", people);
    const auto print = [](const char* what, double kith, double by_hand) {
        if (by_hand == 0) return fmt::print("| {} | {:.0f} | | |\n", what, kith);
        fmt::print("| {} | {:.0f} | {:.0f} | {:.2f} × |\n", what, kith, by_hand, kith / by_hand);
    };
    double hometowns = 0;
    double visitation = 0;
#ifdef KITH_WITH_POSTGRESQL
    if (travel::backend() == travel::Backend::postgresql) {
        hand::Database by_hand(url);
        hometowns = milliseconds(runs, [&] { by_hand.load_hometowns(); });
        visitation = milliseconds(runs, [&] { by_hand.load_visitation(); });
    }
#endif
    (void)url;
    print("forward foreign key", milliseconds(runs, [&] { load_hometowns(db); }), hometowns);
    print("many-to-many", milliseconds(runs, [&] { load_visitation(db); }), visitation);
}

void run() {
    const travel::TemporaryFolder folder;
    const auto direct = kith::connect(folder.url());
    fill(direct);
    travel::Proxy proxy(travel::server_socket(), travel::backend() == travel::Backend::postgresql);
    const auto through = kith::connect(
        folder.url_at(fmt::format("127.0.0.1:{}", proxy.port()), travel::by_backend("", "sslmode=disable", "")));
    fmt::print("## {}\n", travel::variable("KITH_TEST_DATABASE"));
    compare_distances(proxy, through);
    compare_with_hand(folder.url(), direct);
    fmt::print("\n");
}

} // namespace
} // namespace bench

int main() {
    if (travel::variable(travel::server_variable()).empty()) {
        fmt::print("{} names no server: run ./dev bench --servers\n", travel::server_variable());
        return 77;
    }
    bench::run();
}
