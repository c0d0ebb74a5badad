// W1 to W4, the many-to-many in two statements: link rows, then each city once.

#include "hand/sums.hpp"
#include "load.hpp"

namespace bench::hand {

namespace {

struct Travels {
    Blocks<Person> people;
    Places places;
    std::vector<City> cities;
    std::vector<Province> provinces;
};

Travels load_travels(Database& db, bool with_provinces, KeyForm form) {
    Travels result;
    result.people = read_people(db, Place::first);
    std::vector<std::int64_t> ids;
    ids.reserve(result.people.size());
    result.people.each([&](const Person& person) { ids.push_back(person.id); });
    Visits visits;
    VisitReader(db, form).read(ids, visits, Place::amid);

    Finder<City> finder(db, Statement::Kept::no, form);
    ById<City> by_id;
    for (const auto id : visits.cities) finder.wanted.insert(id);
    result.cities = finder.find(by_id, with_provinces ? Place::amid : Place::last);
    result.places = places_of(visits, ids, by_id);
    const auto* start = result.places.starts.data();
    result.people.each([&](Person& person) {
        person.visitation = {result.places.cities.data() + start[0], start[1] - start[0]};
        ++start;
    });
    if (!with_provinces) return result;

    Finder<Province> provinces(db, Statement::Kept::no, form);
    ById<Province> province_by_id;
    for (const auto& city : result.cities) provinces.wanted.insert(city.province_id);
    result.provinces = provinces.find(province_by_id, Place::last);
    for (auto& city : result.cities) city.province = province_by_id[city.province_id];
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
        Result result;
        result.people = read_people(db, Place::first);
        Finder<City> finder(db, Statement::Kept::no, form);
        ById<City> by_id;
        result.people.each([&](const Person& person) {
            if (person.hometown_id != 0) finder.wanted.insert(person.hometown_id);
        });
        result.cities = finder.find(by_id, Place::last);
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
        Result result;
        std::vector<std::int64_t> ids;
        ById<Province> by_id;
        Statement select(db, "SELECT id, name FROM province");
        select.start(Place::first);
        while (select.next()) {
            auto& province = result.provinces.append();
            province.id = select.integer(0);
            select.text(1, province.name);
            ids.push_back(province.id);
            by_id.reach(province.id);
            by_id[province.id] = &province;
        }
        Statement related(db, select_by(form, "c.id, c.name, c.province_id", "city c", "c.province_id"));
        const Keys keys(ids);
        bind_keys(related, keys, form);
        related.start(Place::last);
        std::vector<std::uint32_t> counts(static_cast<std::size_t>(ids.empty() ? 0 : ids.back()) + 2);
        while (related.next()) {
            auto& city = result.cities.append();
            city.id = related.integer(0);
            related.text(1, city.name);
            city.province_id = related.integer(2);
            city.province = by_id[city.province_id];
            ++counts[static_cast<std::size_t>(city.province_id) + 1];
        }
        for (std::size_t i = 1; i < counts.size(); ++i)
            counts[i] += counts[i - 1]; // where each province's cities start
        result.places.resize(result.cities.size());
        auto next = counts;
        result.cities.each(
            [&](City& city) { result.places[next[static_cast<std::size_t>(city.province_id)]++] = &city; });
        result.provinces.each([&](Province& province) {
            const auto* start = &counts[static_cast<std::size_t>(province.id)];
            province.cities = {result.places.data() + start[0], start[1] - start[0]};
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

} // namespace bench::hand
