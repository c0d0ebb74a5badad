// W5 to W7: a stream, joined rows, and rows alone.

#include "hand/load.hpp"
#include "hand/sums.hpp"

#include <algorithm>

namespace bench::hand {

namespace {

/// The memory of one chunk of the stream, reused by the next.
struct Chunk {
    std::vector<Person> people = std::vector<Person>(stream_chunk);
    std::vector<std::int64_t> ids;
    Visits visits;
    std::vector<City> cities;
    std::vector<City*> places;
};

std::uint64_t sum_of(const Chunk& chunk) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < chunk.ids.size(); ++i) sum += sum_of_visits(chunk.people[i]);
    return sum;
}

} // namespace

void streaming(Run& run) {
    Database db(run.database());
    run.checksum(run.measure([&] {
        const Snapshot snapshot(db);
        Statement select(db, "SELECT id, firstname, lastname, hometown_id, living_id FROM person");
        VisitReader visit_reader(db);
        Finder<City> finder(db);
        ById<City> by_id;
        Chunk chunk;
        std::uint64_t sum = 0;
        std::size_t count = 0;
        select.start();
        for (bool more = true; more;) {
            chunk.ids.clear();
            while (chunk.ids.size() < stream_chunk && (more = select.next())) {
                auto& person = chunk.people[chunk.ids.size()];
                person.id = select.integer(0);
                select.text(1, person.firstname);
                select.text(2, person.lastname);
                person.hometown_id = select.integer(3);
                person.living_id = select.integer(4);
                chunk.ids.push_back(person.id);
            }
            if (chunk.ids.empty()) break;
            count += chunk.ids.size();
            visit_reader.read(chunk.ids, chunk.visits);
            for (const auto id : chunk.visits.city_ids) finder.wanted.insert(id);
            chunk.cities = finder.find(by_id);
            chunk.places = places_of(chunk.visits, by_id);
            const auto* next = chunk.places.data();
            for (std::size_t i = 0; i < chunk.ids.size(); next += chunk.visits.counts[i++]) {
                chunk.people[i].visitation = {next, chunk.visits.counts[i]};
            }
            sum += sum_of(chunk);
        }
        run.rows(count);
        return sum;
    }));
    run.statements(db.statements);
}

void select_related(Run& run) {
    Database db(run.database());
    struct Result {
        Blocks<Person> people;
        Blocks<City> cities;
        Blocks<Province> provinces;
    };
    auto [people, cities, provinces] = run.measure([&] {
        Result result;
        Statement statement(db,
                            "SELECT p.id, p.firstname, p.lastname, p.hometown_id, p.living_id, "
                            "c.name, c.province_id, r.name FROM person p "
                            "LEFT JOIN city c ON c.id = p.hometown_id LEFT JOIN province r ON r.id = c.province_id");
        ById<City> city_by_id;
        ById<Province> province_by_id;
        const auto province_of = [&](std::int64_t id) {
            province_by_id.reach(id);
            auto*& province = province_by_id[id];
            if (province == nullptr) {
                province = &result.provinces.append();
                province->id = id;
                statement.text(7, province->name);
            }
            return province;
        };
        statement.start();
        while (statement.next()) {
            auto& person = result.people.append();
            person.id = statement.integer(0);
            statement.text(1, person.firstname);
            statement.text(2, person.lastname);
            person.hometown_id = statement.integer(3);
            person.living_id = statement.integer(4);
            if (person.hometown_id == 0) continue;
            city_by_id.reach(person.hometown_id);
            auto*& city = city_by_id[person.hometown_id];
            if (city == nullptr) { // a city, or province, that was read before is not read again
                city = &result.cities.append();
                city->id = person.hometown_id;
                statement.text(5, city->name);
                city->province_id = statement.integer(6);
                city->province = province_of(city->province_id);
            }
            person.hometown = city;
        }
        return result;
    });
    run.checksum(sum_over(people, sum_of_joined));
    run.rows(people.size());
    run.statements(db.statements);
}

void plain(Run& run) {
    Database db(run.database());
    auto people = run.measure([&] { return read_people(db); });
    run.checksum(sum_over(people, sum_of_row));
    run.rows(people.size());
    run.statements(db.statements);
}

} // namespace bench::hand
