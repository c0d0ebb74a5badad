// W1 to W4. For a many-to-many, pairs (link rows, then each city once) and join (a row per link); pairs is faster.

#include "hand/load.hpp"
#include "hand/sums.hpp"

namespace bench::hand {

namespace {

void reach_people(Blocks<Person>& people, std::vector<std::int64_t>& ids) {
    ids.reserve(people.size());
    people.each([&](const Person& person) { ids.push_back(person.id); });
}

/// Gives each person the next cities of `places`.
void attach_visits(Blocks<Person>& people, const Visits& visits, const std::vector<City*>& places) {
    const auto* next = places.data();
    const auto* count = visits.counts.data();
    people.each([&](Person& person) {
        person.visitation = {next, *count};
        next += *count++;
    });
}

struct Travels {
    Blocks<Person> people;
    std::vector<City*> places;
    std::vector<City> cities;
    std::vector<Province> provinces;
};

/// People with their visits in pairs shape, and the provinces of the cities if asked for.
Travels load_travels(Database& db, bool with_provinces, KeyForm form) {
    const Snapshot snapshot(db);
    Travels result;
    result.people = read_people(db);
    Visits visits;
    {
        std::vector<std::int64_t> ids;
        reach_people(result.people, ids);
        VisitReader(db, form).read(ids, visits);
    }
    Finder<City> finder(db, form);
    ById<City> by_id;
    for (const auto id : visits.city_ids) finder.wanted.insert(id);
    result.cities = finder.find(by_id);
    result.places = places_of(visits, by_id);
    attach_visits(result.people, visits, result.places);
    if (!with_provinces) return result;

    Finder<Province> provinces(db, form);
    ById<Province> province_by_id;
    for (const auto& city : result.cities) provinces.wanted.insert(city.province_id);
    result.provinces = provinces.find(province_by_id);
    for (auto& city : result.cities) city.province = province_by_id[city.province_id];
    return result;
}

struct Joined {
    Blocks<Person> people;
    std::vector<City*> places;
    Blocks<City> cities;
};

/// One statement with a row per link; a city is read only the first time.
Joined load_joined(Database& db) {
    const Snapshot snapshot(db);
    Joined result;
    result.people = read_people(db);
    Visits visits;
    std::vector<std::int64_t> ids;
    reach_people(result.people, ids);
    visits.counts.assign(ids.size(), 0);
    Statement statement(db, "SELECT v.person_id, c.id, c.name, c.province_id FROM keys(?) k "
                            "CROSS JOIN person_visitation v ON v.person_id = k.key "
                            "CROSS JOIN city c ON c.id = v.city_id");
    const Keys keys(ids);
    statement.bind(1, keys);
    statement.start();
    ById<City> by_id;
    std::size_t person = 0;
    while (statement.next()) {
        while (ids[person] != statement.integer(0)) ++person;
        ++visits.counts[person];
        const auto id = statement.integer(1);
        by_id.reach(id);
        if (by_id[id] == nullptr) {
            auto& city = result.cities.append();
            city.id = id;
            statement.text(2, city.name);
            city.province_id = statement.integer(3);
            by_id[id] = &city;
        }
        result.places.push_back(by_id[id]);
    }
    attach_visits(result.people, visits, result.places);
    return result;
}

} // namespace

void forward_key(Run& run, KeyForm form) {
    Database db(run.database());
    struct Result {
        Blocks<Person> people;
        std::vector<City> cities;
    };
    auto [people, cities] = run.measure([&] {
        const Snapshot snapshot(db);
        Result result;
        result.people = read_people(db);
        Finder<City> finder(db, form);
        ById<City> by_id;
        result.people.each([&](const Person& person) {
            if (person.hometown_id != 0) finder.wanted.insert(person.hometown_id);
        });
        result.cities = finder.find(by_id);
        result.people.each([&](Person& person) {
            if (person.hometown_id != 0) person.hometown = by_id[person.hometown_id];
        });
        return result;
    });
    run.checksum(sum_over(people, sum_of_hometown));
    run.rows(people.size());
    run.statements(db.statements);
}

void reverse_key(Run& run, KeyForm form) {
    Database db(run.database());
    struct Result {
        Blocks<Province> provinces;
        Blocks<City> cities;
        std::vector<City*> places;
    };
    auto [provinces, cities, places] = run.measure([&] {
        const Snapshot snapshot(db);
        Result result;
        std::vector<std::int64_t> ids;
        Statement select(db, "SELECT id, name FROM province");
        select.start();
        while (select.next()) {
            auto& province = result.provinces.append();
            province.id = select.integer(0);
            select.text(1, province.name);
            ids.push_back(province.id);
        }
        Statement related(db, select_by_keys("t.id, t.name, t.province_id", "city", "t.province_id", form));
        const Keys keys(ids);
        bind_keys(related, keys, form);
        related.start();
        while (related.next()) {
            auto& city = result.cities.append();
            city.id = related.integer(0);
            related.text(1, city.name);
            city.province_id = related.integer(2);
            result.places.push_back(&city);
        }
        auto* next = result.places.data();
        auto* const end = next + result.places.size();
        result.provinces.each([&](Province& province) { // both in the order of the provinces
            auto* const first = next;
            for (; next != end && (*next)->province_id == province.id; ++next) (*next)->province = &province;
            province.cities = {first, next};
        });
        return result;
    });
    run.checksum(sum_over(provinces, sum_of_cities));
    run.rows(provinces.size());
    run.statements(db.statements);
}

void many_to_many(Run& run, KeyForm form) {
    Database db(run.database());
    auto travels = run.measure([&] { return load_travels(db, false, form); });
    run.checksum(sum_over(travels.people, sum_of_visits));
    run.rows(travels.people.size());
    run.statements(db.statements);
}

void two_levels(Run& run, KeyForm form) {
    Database db(run.database());
    auto travels = run.measure([&] { return load_travels(db, true, form); });
    run.checksum(sum_over(travels.people, sum_of_travels));
    run.rows(travels.people.size());
    run.statements(db.statements);
}

void many_to_many_join(Run& run) {
    Database db(run.database());
    auto joined = run.measure([&] { return load_joined(db); });
    run.checksum(sum_over(joined.people, sum_of_visits));
    run.rows(joined.people.size());
    run.statements(db.statements);
}

} // namespace bench::hand
