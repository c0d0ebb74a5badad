// The loads: one statement per relation, which finds its rows by the condition of their parents, in a subquery, and
// attaches them through a map of ids.

#include "models.hpp"

#include <cstddef>
#include <unordered_map>

namespace bench::peer {

namespace {

using soci::into;
using soci::use;

template <class Row>
std::unordered_map<long long, Row*> by_id(std::vector<Row>& rows) {
    std::unordered_map<long long, Row*> map;
    map.reserve(rows.size());
    for (auto& row : rows) map.emplace(row.id, &row);
    return map;
}

/// `condition` contains :first and :last, in this order.
std::vector<City> load_cities(soci::session& sql, const std::string& condition, Range range) {
    std::vector<City> cities;
    City city;
    soci::statement select = (sql.prepare << "SELECT id, name, province_id FROM city WHERE " + condition, into(city.id),
                              into(city.name), into(city.province_id), use(range.first), use(range.last));
    select.execute();
    while (select.fetch()) cities.push_back(city);
    return cities;
}

} // namespace

std::vector<Person> load_people(soci::session& sql, Range range) {
    std::vector<Person> people;
    Person person;
    soci::indicator hometown = soci::i_ok;
    soci::indicator living = soci::i_ok;
    soci::statement select =
        (sql.prepare << "SELECT id, firstname, lastname, hometown_id, living_id FROM person "
                        "WHERE id BETWEEN :first AND :last ORDER BY id",
         into(person.id), into(person.firstname), into(person.lastname), into(person.hometown_id, hometown),
         into(person.living_id, living), use(range.first), use(range.last));
    select.execute();
    while (select.fetch()) {
        if (hometown == soci::i_null) person.hometown_id = 0;
        if (living == soci::i_null) person.living_id = 0;
        people.push_back(person);
    }
    return people;
}

Graph load_hometowns(soci::session& sql, Range range) {
    Graph graph;
    graph.people = load_people(sql, range);
    graph.cities = load_cities(sql, "id IN (SELECT hometown_id FROM person WHERE id BETWEEN :first AND :last)", range);
    const auto cities = by_id(graph.cities);
    for (auto& person : graph.people) {
        if (person.hometown_id != 0) person.hometown = cities.at(person.hometown_id);
    }
    return graph;
}

Graph load_visits(soci::session& sql, Range range) {
    Graph graph;
    graph.people = load_people(sql, range);
    graph.cities = load_cities(
        sql, "id IN (SELECT city_id FROM person_visitation WHERE person_id BETWEEN :first AND :last)", range);
    const auto people = by_id(graph.people);
    const auto cities = by_id(graph.cities);

    long long person = 0;
    long long city = 0;
    soci::statement select = (sql.prepare << "SELECT person_id, city_id FROM person_visitation "
                                             "WHERE person_id BETWEEN :first AND :last",
                              into(person), into(city), use(range.first), use(range.last));
    select.execute();
    while (select.fetch()) people.at(person)->visitation.push_back(cities.at(city));
    return graph;
}

Graph load_visits_and_provinces(soci::session& sql, Range range) {
    Graph graph = load_visits(sql, range);
    Province province;
    soci::statement select =
        (sql.prepare << "SELECT id, name FROM province WHERE id IN "
                        "(SELECT c.province_id FROM city c JOIN person_visitation v ON v.city_id = c.id "
                        "WHERE v.person_id BETWEEN :first AND :last)",
         into(province.id), into(province.name), use(range.first), use(range.last));
    select.execute();
    while (select.fetch()) graph.provinces.push_back(province);
    const auto provinces = by_id(graph.provinces);
    for (auto& city : graph.cities) city.province = provinces.at(city.province_id);
    return graph;
}

Graph load_cities_of_provinces(soci::session& sql, Range range) {
    Graph graph;
    Province province;
    soci::statement select =
        (sql.prepare << "SELECT id, name FROM province WHERE id BETWEEN :first AND :last ORDER BY id",
         into(province.id), into(province.name), use(range.first), use(range.last));
    select.execute();
    while (select.fetch()) graph.provinces.push_back(province);

    graph.cities =
        load_cities(sql, "province_id IN (SELECT id FROM province WHERE id BETWEEN :first AND :last)", range);
    const auto provinces = by_id(graph.provinces);
    for (auto& city : graph.cities) {
        city.province = provinces.at(city.province_id);
        city.province->cities.push_back(&city);
    }
    return graph;
}

Graph load_joined(soci::session& sql) {
    Graph graph;
    Person person;
    City city;
    Province province;
    soci::indicator hometown = soci::i_ok;
    soci::indicator living = soci::i_ok;
    soci::indicator joined = soci::i_ok;
    soci::statement select =
        (sql.prepare << "SELECT p.id, p.firstname, p.lastname, p.hometown_id, p.living_id, "
                        "c.id, c.name, c.province_id, v.id, v.name FROM person p "
                        "LEFT JOIN city c ON c.id = p.hometown_id LEFT JOIN province v ON v.id = c.province_id",
         into(person.id), into(person.firstname), into(person.lastname), into(person.hometown_id, hometown),
         into(person.living_id, living), into(city.id, joined), into(city.name, joined), into(city.province_id, joined),
         into(province.id, joined), into(province.name, joined));
    select.execute();
    std::unordered_map<long long, std::size_t> cities;
    std::unordered_map<long long, std::size_t> provinces;
    while (select.fetch()) {
        if (hometown == soci::i_null) person.hometown_id = 0;
        if (living == soci::i_null) person.living_id = 0;
        graph.people.push_back(person);
        if (joined == soci::i_null) continue;
        if (cities.try_emplace(city.id, graph.cities.size()).second) graph.cities.push_back(city);
        if (provinces.try_emplace(province.id, graph.provinces.size()).second) graph.provinces.push_back(province);
    }
    for (auto& each : graph.cities) each.province = &graph.provinces[provinces.at(each.province_id)];
    for (auto& each : graph.people) {
        if (each.hometown_id != 0) each.hometown = &graph.cities[cities.at(each.hometown_id)];
    }
    return graph;
}

void create_people(soci::session& sql, const std::vector<Person>& people) {
    soci::transaction transaction(sql);
    std::string firstname;
    std::string lastname;
    long long hometown = 0;
    soci::statement insert = (sql.prepare << "INSERT INTO person (firstname, lastname, hometown_id, living_id) "
                                             "VALUES (:firstname, :lastname, :hometown, NULL)",
                              use(firstname), use(lastname), use(hometown));
    for (const auto& person : people) {
        firstname = person.firstname;
        lastname = person.lastname;
        hometown = person.hometown_id;
        insert.execute(true);
    }
    transaction.commit();
}

} // namespace bench::peer
