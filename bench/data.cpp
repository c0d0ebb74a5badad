// Creates the files that the benchmarks read: `kith_bench_data FOLDER [SCALE]` writes FOLDER/travel.db (provinces,
// cities, people and their visits) and FOLDER/keys.db (parents with one child each). SCALE multiplies everything in
// travel.db. The same scale produces the same rows on every machine.

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int visits_each = 5;
constexpr std::int64_t most_parents = 1'000'000;

/// SplitMix64: the distributions of the standard library differ from one library to the next.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    /// 1 to `last`.
    std::int64_t id(std::int64_t last) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(last)) + 1;
    }
    bool one_in(std::uint64_t n) { return next() % n == 0; }

private:
    std::uint64_t state_;
};

/// Names of one to three syllables, some of them not ASCII.
std::string invent(Random& random, std::size_t syllables) {
    constexpr std::array<std::string_view, 24> parts{"an", "bei",  "chang", "da", "fu", "guang", "hai",  "jin",
                                                     "ku", "lan",  "ming",  "nü", "or", "ping",  "qing", "ra",
                                                     "sö", "tian", "ur",    "vé", "wu", "xi",    "yang", "zhou"};
    std::string name;
    for (std::size_t i = 0; i < syllables; ++i) name += parts[random.next() % parts.size()];
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return name;
}

class File {
public:
    explicit File(const std::filesystem::path& path) {
        std::filesystem::remove(path);
        require(sqlite3_open(path.c_str(), &db_));
        // A file that is half written is created again, so no protection is needed.
        execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        execute("COMMIT");
        sqlite3_close(db_);
    }

    void execute(const char* sql) { require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        require(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr));
        return statement;
    }
    /// Runs `statement` for one row; an id of 0 is NULL.
    template <class... Cell>
    void insert(sqlite3_stmt* statement, const Cell&... cells) {
        int column = 0;
        (bind(statement, ++column, cells), ...);
        if (sqlite3_step(statement) != SQLITE_DONE) fail();
        require(sqlite3_reset(statement));
    }

private:
    void bind(sqlite3_stmt* statement, int column, std::int64_t id) {
        require(id == 0 ? sqlite3_bind_null(statement, column) : sqlite3_bind_int64(statement, column, id));
    }
    void bind(sqlite3_stmt* statement, int column, const std::string& text) {
        require(sqlite3_bind_text(statement, column, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
    }
    void require(int code) {
        if (code != SQLITE_OK) fail();
    }
    [[noreturn]] void fail() {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(db_));
        std::exit(1);
    }

    sqlite3* db_{nullptr};
};

// The tables and indexes that Kith's create_tables creates for the models in bench/kith/models.hpp.
constexpr const char* travel_tables = R"(
CREATE TABLE province (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE city (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
                   province_id INTEGER NOT NULL REFERENCES province (id) ON DELETE CASCADE);
CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, firstname TEXT NOT NULL, lastname TEXT NOT NULL,
                     hometown_id INTEGER NULL REFERENCES city (id) ON DELETE CASCADE,
                     living_id INTEGER NULL REFERENCES city (id) ON DELETE CASCADE);
CREATE TABLE person_visitation (person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
                                city_id INTEGER NOT NULL REFERENCES city (id) ON DELETE CASCADE,
                                PRIMARY KEY (person_id, city_id));
CREATE INDEX city_province_id_idx ON city (province_id);
CREATE INDEX person_hometown_id_idx ON person (hometown_id);
CREATE INDEX person_living_id_idx ON person (living_id);
CREATE INDEX person_visitation_city_id_person_id_idx ON person_visitation (city_id, person_id);
)";

constexpr const char* keys_tables = R"(
CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT);
CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE,
                    name TEXT NOT NULL);
CREATE INDEX child_parent_id_idx ON child (parent_id);
)";

void make_places(File& file, Random& random, std::int64_t provinces, std::int64_t cities) {
    auto* province = file.prepare("INSERT INTO province VALUES (?, ?)");
    for (std::int64_t id = 1; id <= provinces; ++id) {
        file.insert(province, id, invent(random, 2) + (random.one_in(3) ? " Special Region" : " Province"));
    }
    sqlite3_finalize(province);
    auto* city = file.prepare("INSERT INTO city VALUES (?, ?, ?)");
    for (std::int64_t id = 1; id <= cities; ++id) {
        auto name = invent(random, 2 + random.next() % 2);
        if (random.one_in(2)) name += " City";
        file.insert(city, id, name, random.id(provinces));
    }
    sqlite3_finalize(city);
}

/// A city that is not among the first `count` of `known`.
std::int64_t another_city(Random& random, std::int64_t cities, const std::array<std::int64_t, visits_each>& known,
                          std::size_t count) {
    for (;;) {
        const auto city = random.id(cities);
        bool is_new = true;
        for (std::size_t i = 0; i < count; ++i) is_new = is_new && known[i] != city;
        if (is_new) return city;
    }
}

void make_people(File& file, Random& random, std::int64_t people, std::int64_t cities) {
    auto* person = file.prepare("INSERT INTO person VALUES (?, ?, ?, ?, ?)");
    auto* visit = file.prepare("INSERT INTO person_visitation VALUES (?, ?)");
    for (std::int64_t id = 1; id <= people; ++id) {
        const auto hometown = random.one_in(100) ? std::int64_t{0} : random.id(cities);
        const auto living = random.one_in(100) ? std::int64_t{0} : random.id(cities);
        const auto firstname = invent(random, 1 + random.next() % 2);
        file.insert(person, id, firstname, invent(random, 1 + random.next() % 3), hometown, living);
        std::array<std::int64_t, visits_each> visited{};
        for (std::size_t i = 0; i < visited.size(); ++i) {
            visited[i] = another_city(random, cities, visited, i);
            file.insert(visit, id, visited[i]);
        }
    }
    sqlite3_finalize(person);
    sqlite3_finalize(visit);
}

void make_keys(File& file) {
    auto* parent = file.prepare("INSERT INTO parent VALUES (?)");
    auto* child = file.prepare("INSERT INTO child VALUES (?, ?, ?)");
    for (std::int64_t id = 1; id <= most_parents; ++id) {
        file.insert(parent, id);
        file.insert(child, id, id, "Child " + std::to_string(id));
    }
    sqlite3_finalize(parent);
    sqlite3_finalize(child);
}

std::int64_t scaled(double scale, double count) { return static_cast<std::int64_t>(scale * count + 0.5); }

} // namespace

int main(int argc, char** argv) {
    const double scale = argc > 2 ? std::strtod(argv[2], nullptr) : 1;
    if (argc < 2 || argc > 3 || !(scale >= 0.1 && scale <= 10)) {
        std::fprintf(stderr, "usage: %s FOLDER [SCALE], with a scale of 0.1 to 10\n", argv[0]);
        return 2;
    }
    const std::filesystem::path folder(argv[1]);
    std::filesystem::create_directories(folder);
    Random random(20'240'229);
    File travel(folder / "travel.db");
    travel.execute(travel_tables);
    make_places(travel, random, scaled(scale, 1'000), scaled(scale, 20'000));
    make_people(travel, random, scaled(scale, 100'000), scaled(scale, 20'000));
    if (scale < 1) return 0; // enough for counting instructions, which has no workload with the keys
    File keys(folder / "keys.db");
    keys.execute(keys_tables);
    make_keys(keys);
}
