// W9: one prepared INSERT, run for each row; statements of many rows were slower.

#include "common/scratch_copy.hpp"
#include "hand/database.hpp"
#include "hand/models.hpp"

namespace bench::hand {

namespace {

std::vector<Person> make_people() {
    std::vector<Person> people(static_cast<std::size_t>(new_people));
    for (std::int64_t i = 0; i < new_people; ++i) {
        auto& person = people[static_cast<std::size_t>(i)];
        person.firstname = new_firstname(i);
        person.lastname = new_lastname(i);
        person.hometown_id = new_hometown(i);
    }
    return people;
}

} // namespace

void bulk_create(Run& run) {
    const ScratchCopy copy(run.database());
    Database db(copy.path());
    auto people = make_people();
    run.rows(run.measure([&] {
        db.control("BEGIN IMMEDIATE");
        Statement insert(db, "INSERT INTO person (firstname, lastname, hometown_id, living_id) VALUES (?, ?, ?, NULL)");
        for (auto& person : people) {
            insert.bind(1, person.firstname);
            insert.bind(2, person.lastname);
            insert.bind(3, person.hometown_id);
            insert.start();
            (void)insert.next();
            person.id = sqlite3_last_insert_rowid(db.get());
        }
        db.control("COMMIT");
        return people.size();
    }));
    run.statements(db.statements);
    Statement sum(db, "SELECT sum(hometown_id) FROM person WHERE id > 100000");
    sum.start();
    (void)sum.next();
    run.checksum(number(sum.integer(0)));
}

} // namespace bench::hand
