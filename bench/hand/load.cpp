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

std::string select_by_keys(const std::string& columns, const std::string& table, const std::string& column,
                           KeyForm form) {
    if (form == KeyForm::keys) {
        return "SELECT " + columns + " FROM keys(?) k CROSS JOIN " + table + " t ON " + column + " = k.key";
    }
    return "SELECT " + columns + " FROM " + table + " t WHERE " + column + " BETWEEN ? AND ? ORDER BY " + column;
}

namespace {

std::string select_by_id(const City&, KeyForm form) {
    return select_by_keys("t.id, t.name, t.province_id", "city", "t.id", form);
}
std::string select_by_id(const Province&, KeyForm form) {
    return select_by_keys("t.id, t.name", "province", "t.id", form);
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
Finder<T>::Finder(Database& db, KeyForm form) : form_(form), statement_(db, select_by_id(T{}, form)) {}

template <class T>
std::vector<T> Finder<T>::find(ById<T>& by_id) {
    std::vector<T> rows;
    wanted.take_sorted(ids_);
    if (ids_.empty()) return rows;
    rows.reserve(most_rows(ids_, form_)); // the maximum, so that rows do not move
    by_id.reach(ids_.back());
    const Keys keys(ids_);
    bind_keys(statement_, keys, form_, /*with_gaps=*/true);
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

VisitReader::VisitReader(Database& db, KeyForm form)
    : form_(form), statement_(db, select_by_keys("t.person_id, t.city_id", "person_visitation", "t.person_id", form)) {}

void VisitReader::read(Keys ids, Visits& visits) {
    visits.counts.assign(ids.size(), 0);
    visits.city_ids.clear();
    bind_keys(statement_, ids, form_);
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
