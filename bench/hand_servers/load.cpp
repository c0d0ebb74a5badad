#include "load.hpp"

#include <algorithm>

namespace bench::hand {

Blocks<Person> read_people(Database& db, Place place) {
    Statement statement(db, select_people);
    Blocks<Person> people;
    statement.start(place);
    while (statement.next()) read_row(statement, people.append());
    return people;
}

std::string select_by(KeyForm form, const std::string& columns, const std::string& table, const std::string& column) {
    if (form == KeyForm::keys) return select_by_keys(columns, table, column);
    return "SELECT " + columns + " FROM " + table + " WHERE " + column + " BETWEEN " + parameter(1) + " AND " +
           parameter(2);
}

namespace {

std::string select_by_id(const City&, KeyForm form) {
    return select_by(form, "c.id, c.name, c.province_id", "city c", "c.id");
}
std::string select_by_id(const Province&, KeyForm form) {
    return select_by(form, "p.id, p.name", "province p", "p.id");
}

void read_row(const Statement& row, City& city) {
    city.id = row.integer(0);
    row.text(1, city.name);
    city.province_id = row.integer(2);
}
void read_row(const Statement& row, Province& province) {
    province.id = row.integer(0);
    row.text(1, province.name);
}

} // namespace

template <class T>
Finder<T>::Finder(Database& db, Statement::Kept kept, KeyForm form)
    : form_(form), statement_(db, select_by_id(T{}, form), kept) {}

template <class T>
std::vector<T> Finder<T>::find(ById<T>& by_id, Place place) {
    std::vector<T> rows;
    wanted.take_sorted(ids_);
    rows.reserve(most_rows(ids_, form_)); // the maximum, so that rows do not move
    by_id.reach(ids_.empty() ? 0 : ids_.back());
    const Keys keys(ids_);
    bind_keys(statement_, keys, form_, /*with_gaps=*/true);
    statement_.start(place);
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
    : form_(form), statement_(db, select_by(form, "v.person_id, v.city_id", "person_visitation v", "v.person_id")) {}

void VisitReader::read(Keys ids, Visits& visits, Place place) {
    visits.people.clear();
    visits.cities.clear();
    bind_keys(statement_, ids, form_);
    statement_.start(place);
    while (statement_.next()) {
        visits.people.push_back(statement_.integer(0));
        visits.cities.push_back(statement_.integer(1));
    }
}

Places places_of(const Visits& visits, Keys ids, ById<City>& by_id) {
    // From id to place among the people, through an array: ids are dense.
    const auto [least, most] = std::ranges::minmax(ids);
    std::vector<std::uint32_t> person_at(static_cast<std::size_t>(most - least) + 1);
    for (std::size_t i = 0; i < ids.size(); ++i)
        person_at[static_cast<std::size_t>(ids[i] - least)] = static_cast<std::uint32_t>(i);
    const auto person = [&](std::size_t visit) {
        return person_at[static_cast<std::size_t>(visits.people[visit] - least)];
    };

    Places places;
    places.starts.resize(ids.size() + 1);
    for (std::size_t i = 0; i < visits.people.size(); ++i) ++places.starts[person(i) + 1];
    for (std::size_t i = 1; i < places.starts.size(); ++i) places.starts[i] += places.starts[i - 1];
    places.cities.resize(visits.people.size());
    auto next = places.starts;
    for (std::size_t i = 0; i < visits.people.size(); ++i) places.cities[next[person(i)]++] = by_id[visits.cities[i]];
    return places;
}

} // namespace bench::hand
