// W5 to W7: a stream, joined rows, and rows alone.

#include "hand/sums.hpp"
#include "load.hpp"

namespace bench::hand {

void streaming(Run& run) {
    Database db(run.database());
    run.checksum(run.measure([&] {
        Stream stream(db, select_people, stream_chunk);
        VisitReader visit_reader(db);
        Finder<City> finder(db);
        ById<City> by_id;
        std::vector<Person> people(stream_chunk); // the next chunk reuses the memory
        std::vector<std::int64_t> ids;
        Visits visits;
        std::uint64_t sum = 0;
        std::size_t count = 0;
        for (bool more = true; more;) {
            ids.clear();
            while (ids.size() < stream_chunk && (more = stream.next())) {
                auto& person = people[ids.size()];
                read_row(stream.row(), person);
                ids.push_back(person.id);
            }
            if (ids.empty()) break;
            count += ids.size();
            visit_reader.read(ids, visits, Place::amid);
            for (const auto id : visits.cities) finder.wanted.insert(id);
            const auto cities = finder.find(by_id, Place::amid);
            const auto places = places_of(visits, ids, by_id);
            for (std::size_t i = 0; i < ids.size(); ++i) {
                auto& person = people[i];
                person.visitation = {places.cities.data() + places.starts[i], places.starts[i + 1] - places.starts[i]};
                sum += sum_of_visits(person);
            }
        }
        stream.finish();
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
        Statement statement(db, "SELECT p.id, p.firstname, p.lastname, p.hometown_id, p.living_id, "
                                "c.name, c.province_id, r.name FROM person p LEFT JOIN city c ON c.id = p.hometown_id "
                                "LEFT JOIN province r ON r.id = c.province_id");
        ById<City> city_by_id;
        ById<Province> province_by_id;
        statement.start(Place::alone);
        while (statement.next()) {
            auto& person = result.people.append();
            read_row(statement, person);
            if (person.hometown_id == 0) continue;
            city_by_id.reach(person.hometown_id);
            auto*& city = city_by_id[person.hometown_id];
            if (city == nullptr) { // a city, or province, that was read before is not read again
                city = &result.cities.append();
                city->id = person.hometown_id;
                statement.text(5, city->name);
                city->province_id = statement.integer(6);
                province_by_id.reach(city->province_id);
                auto*& province = province_by_id[city->province_id];
                if (province == nullptr) {
                    province = &result.provinces.append();
                    province->id = city->province_id;
                    statement.text(7, province->name);
                }
                city->province = province;
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
    auto people = run.measure([&] { return read_people(db, Place::alone); });
    run.checksum(sum_over(people, sum_of_row));
    run.rows(people.size());
    run.statements(db.statements);
}

} // namespace bench::hand
