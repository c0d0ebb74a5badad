// W11: only the missing links are inserted. W12: one prepared UPDATE.
//
// W9: one prepared INSERT of 500 rows at a time. Run for each row, it takes two thirds more instructions, because
// SQLite reads and writes the last key (sqlite_sequence) in each statement; with RETURNING, a quarter more.

#include "common/scratch_copy.hpp"
#include "hand/database.hpp"
#include "hand/load.hpp"
#include "hand/models.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <ranges>
#include <span>
#include <string>
#include <vector>

namespace bench::hand {

namespace {

std::string insert_of(std::int64_t rows) {
    std::string sql = "INSERT INTO person (firstname, lastname, hometown_id, living_id) VALUES ";
    for (std::int64_t row = 0; row < rows; ++row) sql += row == 0 ? "(?, ?, ?, NULL)" : ", (?, ?, ?, NULL)";
    return sql;
}

/// The keys of the rows of one INSERT follow each other: the table has no triggers.
void insert(Database& db, Statement& statement, std::span<Person> people) {
    int parameter = 0;
    for (const auto& person : people) {
        statement.bind(++parameter, person.firstname);
        statement.bind(++parameter, person.lastname);
        statement.bind(++parameter, person.hometown_id);
    }
    statement.start();
    (void)statement.next();
    auto key = sqlite3_last_insert_rowid(db.get()) - static_cast<std::int64_t>(people.size());
    for (auto& person : people) person.id = ++key;
}

/// Links a person with all of `cities`, which ascend: the missing links are added, and no others exist.
void link(Statement& select, Statement& insert, std::int64_t person, const std::vector<std::int64_t>& cities) {
    select.bind(1, person);
    select.start();
    std::vector<std::int64_t> present;
    while (select.next()) present.push_back(select.integer(0));
    std::vector<std::int64_t> missing;
    missing.reserve(cities.size());
    std::ranges::set_difference(cities, present, std::back_inserter(missing));
    const Keys keys(missing);
    insert.bind(1, person);
    insert.bind(2, keys);
    insert.start();
    (void)insert.next();
}

} // namespace

void bulk_create(Run& run) {
    constexpr std::size_t batch = 500;
    static_assert(new_people % batch == 0);
    const ScratchCopy copy(run.database());
    Database db(copy.path());
    auto people = make_people<Person>();
    run.rows(run.measure([&] {
        db.control("BEGIN IMMEDIATE");
        Statement statement(db, insert_of(batch));
        const std::span all(people);
        for (std::size_t at = 0; at < all.size(); at += batch) insert(db, statement, all.subspan(at, batch));
        db.control("COMMIT");
        return people.size();
    }));
    run.statements(db.statements);
    Statement sum(db, "SELECT sum(hometown_id) FROM person WHERE id > 100000");
    sum.start();
    (void)sum.next();
    run.checksum(number(sum.integer(0)));
}

void set_links(Run& run) {
    const ScratchCopy copy(run.database());
    Database db(copy.path());
    std::vector<std::int64_t> cities(all_cities);
    std::iota(cities.begin(), cities.end(), 1);
    run.rows(run.measure([&] {
        db.control("BEGIN IMMEDIATE");
        Statement select(db, "SELECT city_id FROM person_visitation WHERE person_id = ? ORDER BY city_id");
        Statement insert(db, "INSERT INTO person_visitation (person_id, city_id) SELECT ?, key FROM keys(?)");
        for (std::int64_t person = 1; person <= travellers; ++person) link(select, insert, person, cities);
        db.control("COMMIT");
        return static_cast<std::size_t>(travellers) * cities.size();
    }));
    run.statements(db.statements);
    Statement sum(db, "SELECT sum(person_id + city_id * 5) FROM person_visitation WHERE person_id <= ?");
    sum.bind(1, travellers);
    sum.start();
    (void)sum.next();
    run.checksum(number(sum.integer(0)));
}

void save_rows(Run& run) {
    const ScratchCopy copy(run.database());
    Database db(copy.path());
    auto people = read_people(db);
    people.each([](Person& person) { person.firstname = changed_firstname(person.id); });
    db.statements = 0;
    run.rows(run.measure([&] {
        std::size_t saved = 0;
        db.control("BEGIN IMMEDIATE");
        Statement update(db,
                         "UPDATE person SET firstname = ?, lastname = ?, hometown_id = ?, living_id = ? WHERE id = ?");
        people.each([&](Person& person) {
            update.bind(1, person.firstname);
            update.bind(2, person.lastname);
            update.bind_key(3, person.hometown_id);
            update.bind_key(4, person.living_id);
            update.bind(5, person.id);
            update.start();
            (void)update.next();
            ++saved;
        });
        db.control("COMMIT");
        return saved;
    }));
    run.statements(db.statements);
    Statement sum(db, "SELECT sum(id + length(firstname)) FROM person");
    sum.start();
    (void)sum.next();
    run.checksum(number(sum.integer(0)));
}

} // namespace bench::hand
