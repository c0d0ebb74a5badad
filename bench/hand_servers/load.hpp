#pragma once

#include "client.hpp"
#include "hand/key_form.hpp"
#include "hand/models.hpp"

/// The loads that several workloads are made of. `client.hpp` is PostgreSQL's or MariaDB's.
namespace bench::hand {

inline constexpr const char* select_people = "SELECT id, firstname, lastname, hometown_id, living_id FROM person";

inline void read_row(const Statement& row, Person& person) {
    person.id = row.integer(0);
    row.text(1, person.firstname);
    row.text(2, person.lastname);
    person.hometown_id = row.integer(3);
    person.living_id = row.integer(4);
}

Blocks<Person> read_people(Database& db, Place place);

/// The rows of `table` whose `column` is among the keys of bind_keys().
std::string select_by(KeyForm form, const std::string& columns, const std::string& table, const std::string& column);

/// Finds rows of a table by id, its memory reused. `T` is City or Province.
template <class T>
class Finder {
public:
    explicit Finder(Database& db, Statement::Kept kept = Statement::Kept::no, KeyForm form = KeyForm::keys);

    /// The rows with the ids in `wanted`, which is empty afterwards; `by_id` leads to them.
    std::vector<T> find(ById<T>& by_id, Place place);
    IdSet wanted;

private:
    KeyForm form_;
    Statement statement_;
    std::vector<std::int64_t> ids_;
};

/// Who visited what, as the server returns it: in no order.
struct Visits {
    std::vector<std::int64_t> people;
    std::vector<std::int64_t> cities;
};

class VisitReader {
public:
    explicit VisitReader(Database& db, KeyForm form = KeyForm::keys);
    /// Link rows of the people with `ids`.
    void read(Keys ids, Visits& visits, Place place);

private:
    KeyForm form_;
    Statement statement_;
};

/// Groups the visits by person: person `i` of `ids` has the cities from `starts[i]` to `starts[i + 1]`.
struct Places {
    std::vector<City*> cities;
    std::vector<std::uint32_t> starts;
};
Places places_of(const Visits& visits, Keys ids, ById<City>& by_id);

} // namespace bench::hand
