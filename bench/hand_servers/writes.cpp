// W9: new people. W11: only the missing links are inserted. W12: one prepared UPDATE, which waits for each answer.

#include "load.hpp"
#include "people.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

namespace bench::hand {

namespace {

/// Links a person with all of `cities`, which ascend: the missing links are added, and no others exist.
void link(Statement& select, Statement& insert, std::int64_t person, const std::vector<std::int64_t>& cities) {
    select.bind(1, person);
    select.start(Place::amid);
    std::vector<std::int64_t> present;
    while (select.next()) present.push_back(select.integer(0));
    std::vector<std::int64_t> missing;
    missing.reserve(cities.size());
    std::ranges::set_difference(cities, present, std::back_inserter(missing));
    insert.bind(1, person);
    insert.bind(2, Keys(missing));
    insert.start(Place::amid);
}

} // namespace

void bulk_create(Run& run) {
    Database db(run.database());
    auto people = make_people<Person>();
    run.rows(run.measure([&] {
        insert_people(db, people);
        return people.size();
    }));
    run.statements(db.statements);
    Statement inserted(db, "SELECT hometown_id FROM person WHERE id > 100000");
    std::uint64_t sum = 0;
    inserted.start(Place::alone);
    while (inserted.next()) sum += number(inserted.integer(0));
    run.checksum(sum);
}

void set_links(Run& run) {
    Database db(run.database());
    std::vector<std::int64_t> cities(all_cities);
    std::iota(cities.begin(), cities.end(), 1);
    const std::string of_person = " FROM person_visitation WHERE person_id ";
    run.rows(run.measure([&] {
        db.control("BEGIN");
        Statement select(db, "SELECT city_id" + of_person + "= " + parameter(1) + " ORDER BY city_id");
        Statement insert(db, insert_links());
        for (std::int64_t person = 1; person <= travellers; ++person) link(select, insert, person, cities);
        db.control("COMMIT");
        return static_cast<std::size_t>(travellers) * cities.size();
    }));
    run.statements(db.statements);
    Statement links(db, "SELECT person_id, city_id" + of_person + "<= " + parameter(1));
    links.bind(1, travellers);
    std::uint64_t sum = 0;
    links.start(Place::alone);
    while (links.next()) sum += number(links.integer(0)) + number(links.integer(1)) * 5;
    run.checksum(sum);
}

void save_rows(Run& run) {
    Database db(run.database());
    auto people = read_people(db, Place::alone);
    people.each([](Person& person) { person.firstname = changed_firstname(person.id); });
    db.statements = 0;
    run.rows(run.measure([&] {
        std::size_t saved = 0;
        db.control("BEGIN");
        Statement update(db,
                         "UPDATE person SET firstname = " + parameter(1) + ", lastname = " + parameter(2) +
                             ", hometown_id = " + parameter(3) + ", living_id = " + parameter(4) +
                             " WHERE id = " + parameter(5),
                         Statement::Kept::yes);
        people.each([&](Person& person) {
            update.bind(1, person.firstname);
            update.bind(2, person.lastname);
            update.bind_key(3, person.hometown_id);
            update.bind_key(4, person.living_id);
            update.bind(5, person.id);
            update.start(Place::amid);
            ++saved;
        });
        db.control("COMMIT");
        return saved;
    }));
    run.statements(db.statements);
    Statement saved(db, "SELECT id, firstname FROM person");
    std::uint64_t sum = 0;
    std::string firstname;
    saved.start(Place::alone);
    while (saved.next()) {
        saved.text(1, firstname);
        sum += number(saved.integer(0)) + firstname.size();
    }
    run.checksum(sum);
}

} // namespace bench::hand
