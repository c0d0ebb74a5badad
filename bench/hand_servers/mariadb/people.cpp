// One prepared INSERT … RETURNING of 500 rows at a time.

#include "people.hpp"

#include <algorithm>
#include <string>

namespace bench::hand {

namespace {

std::string insert_of(std::size_t rows) {
    std::string sql = "INSERT INTO person (firstname, lastname, hometown_id, living_id) VALUES ";
    for (std::size_t row = 0; row < rows; ++row) sql += row == 0 ? "(?, ?, ?, NULL)" : ", (?, ?, ?, NULL)";
    return sql + " RETURNING id";
}

} // namespace

void insert_people(Database& db, std::span<Person> people) {
    constexpr std::size_t batch = 500;
    static_assert(new_people % batch == 0);
    db.control("BEGIN");
    Statement statement(db, insert_of(batch));
    for (std::size_t at = 0; at < people.size(); at += batch) {
        int parameter = 0;
        for (const auto& person : people.subspan(at, batch)) {
            statement.bind(++parameter, person.firstname);
            statement.bind(++parameter, person.lastname);
            statement.bind(++parameter, person.hometown_id);
        }
        statement.start(Place::amid);
        for (auto& person : people.subspan(at, batch)) {
            (void)statement.next();
            person.id = statement.integer(0);
        }
        while (statement.next()) {}
    }
    db.control("COMMIT");
}

} // namespace bench::hand
