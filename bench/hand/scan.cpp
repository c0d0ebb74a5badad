// W1 to W4 with the knowledge that every row of every table is wanted: no keys, each table is read from start to end.
// Not the floor of a prefetch, which must find the related rows of the given rows, but the floor of this data.

#include "hand/load.hpp"
#include "hand/sums.hpp"

#include <algorithm>
#include <utility>

namespace bench::hand {

namespace {

Blocks<City> read_cities(Database& db, ById<City>& by_id) {
    Statement statement(db, "SELECT id, name, province_id FROM city");
    Blocks<City> cities;
    statement.start();
    while (statement.next()) {
        auto& city = cities.append();
        city.id = statement.integer(0);
        statement.text(1, city.name);
        city.province_id = statement.integer(2);
        by_id.reach(city.id);
        by_id[city.id] = &city;
    }
    return cities;
}

Blocks<Province> read_provinces(Database& db, ById<Province>& by_id) {
    Statement statement(db, "SELECT id, name FROM province");
    Blocks<Province> provinces;
    statement.start();
    while (statement.next()) {
        auto& province = provinces.append();
        province.id = statement.integer(0);
        statement.text(1, province.name);
        by_id.reach(province.id);
        by_id[province.id] = &province;
    }
    return provinces;
}

struct Result {
    Blocks<Person> people;
    Blocks<City> cities;
    Blocks<Province> provinces;
    std::vector<City*> places;
};

Result load_visits(Database& db, bool with_provinces) {
    const Snapshot snapshot(db);
    Result result;
    result.people = read_people(db);
    ById<City> by_id;
    result.cities = read_cities(db, by_id);
    Statement links(db, "SELECT person_id, city_id FROM person_visitation ORDER BY person_id, city_id");
    std::vector<std::int64_t> person_ids;
    links.start();
    while (links.next()) {
        person_ids.push_back(links.integer(0));
        result.places.push_back(by_id[links.integer(1)]);
    }
    std::size_t at = 0;
    result.people.each([&](Person& person) {
        const auto first = at;
        while (at < person_ids.size() && person_ids[at] == person.id) ++at;
        person.visitation = {result.places.data() + first, at - first};
    });
    if (!with_provinces) return result;
    ById<Province> province_by_id;
    result.provinces = read_provinces(db, province_by_id);
    result.cities.each([&](City& city) { city.province = province_by_id[city.province_id]; });
    return result;
}

} // namespace

void forward_key_scan(Run& run) {
    Database db(run.database());
    auto result = run.measure([&] {
        const Snapshot snapshot(db);
        ById<City> by_id;
        Result loaded;
        loaded.people = read_people(db);
        loaded.cities = read_cities(db, by_id);
        loaded.people.each([&](Person& person) {
            if (person.hometown_id != 0) person.hometown = by_id[person.hometown_id];
        });
        return loaded;
    });
    run.checksum(sum_over(result.people, sum_of_hometown));
    run.rows(result.people.size());
    run.statements(db.statements);
}

void reverse_key_scan(Run& run) {
    Database db(run.database());
    auto result = run.measure([&] {
        const Snapshot snapshot(db);
        ById<Province> by_id;
        ById<City> unused;
        Result loaded;
        loaded.provinces = read_provinces(db, by_id);
        loaded.cities = read_cities(db, unused);
        loaded.places.reserve(loaded.cities.size());
        loaded.cities.each([&](City& city) {
            city.province = by_id[city.province_id];
            loaded.places.push_back(&city);
        });
        std::ranges::sort(loaded.places, {}, [](const City* city) { return std::pair(city->province_id, city->id); });
        std::size_t at = 0;
        loaded.provinces.each([&](Province& province) {
            const auto first = at;
            while (at < loaded.places.size() && loaded.places[at]->province_id == province.id) ++at;
            province.cities = {loaded.places.data() + first, at - first};
        });
        return loaded;
    });
    run.checksum(sum_over(result.provinces, sum_of_cities));
    run.rows(result.provinces.size());
    run.statements(db.statements);
}

void many_to_many_scan(Run& run) {
    Database db(run.database());
    auto result = run.measure([&] { return load_visits(db, false); });
    run.checksum(sum_over(result.people, sum_of_visits));
    run.rows(result.people.size());
    run.statements(db.statements);
}

void two_levels_scan(Run& run) {
    Database db(run.database());
    auto result = run.measure([&] { return load_visits(db, true); });
    run.checksum(sum_over(result.people, sum_of_travels));
    run.rows(result.people.size());
    run.statements(db.statements);
}

} // namespace bench::hand
