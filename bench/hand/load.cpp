#include "hand/load.hpp"

namespace bench::hand {

Blocks<Person> read_people(Database& db) {
    Statement statement(db, "SELECT id, firstname, lastname, hometown_id, living_id FROM person");
    Blocks<Person> people;
    statement.start();
    while (statement.next()) {
        auto& person = people.append();
        person.id = statement.integer(0);
        statement.text(1, person.firstname);
        statement.text(2, person.lastname);
        person.hometown_id = statement.integer(3); // 0 for NULL
        person.living_id = statement.integer(4);
    }
    return people;
}

namespace {

std::string_view select_by_id(const City&) {
    return "SELECT c.id, c.name, c.province_id FROM keys(?) k CROSS JOIN city c ON c.id = k.key";
}
std::string_view select_by_id(const Province&) {
    return "SELECT p.id, p.name FROM keys(?) k CROSS JOIN province p ON p.id = k.key";
}

void read_row(Statement& statement, City& city) {
    city.id = statement.integer(0);
    statement.text(1, city.name);
    city.province_id = statement.integer(2);
}
void read_row(Statement& statement, Province& province) {
    province.id = statement.integer(0);
    statement.text(1, province.name);
}

} // namespace

template <class T>
Finder<T>::Finder(Database& db) : statement_(db, select_by_id(T{})) {}

template <class T>
std::vector<T> Finder<T>::find(ById<T>& by_id) {
    std::vector<T> rows;
    wanted.take_sorted(ids_);
    if (ids_.empty()) return rows;
    rows.reserve(ids_.size()); // the maximum, so that rows do not move
    by_id.reach(ids_.back());
    const Keys keys(ids_);
    statement_.bind(1, keys);
    statement_.start();
    while (statement_.next()) {
        auto& row = rows.emplace_back();
        read_row(statement_, row);
        by_id[row.id] = &row;
    }
    return rows;
}

template class Finder<City>;
template class Finder<Province>;

VisitReader::VisitReader(Database& db)
    : statement_(db, "SELECT v.person_id, v.city_id FROM keys(?) k "
                     "CROSS JOIN person_visitation v ON v.person_id = k.key") {}

void VisitReader::read(Keys ids, Visits& visits) {
    visits.counts.assign(ids.size(), 0);
    visits.city_ids.clear();
    statement_.bind(1, ids);
    statement_.start();
    std::size_t person = 0;
    while (statement_.next()) {
        const auto id = statement_.integer(0);
        while (ids[person] != id) ++person; // both are in the order of the ids
        ++visits.counts[person];
        visits.city_ids.push_back(static_cast<std::uint32_t>(statement_.integer(1)));
    }
}

std::vector<City*> places_of(const Visits& visits, ById<City>& by_id) {
    std::vector<City*> places;
    places.reserve(visits.city_ids.size());
    for (const auto id : visits.city_ids) places.push_back(by_id[id]);
    return places;
}

} // namespace bench::hand
