// W8: the work of a web request, for ten people or for one (W8b). Statements are prepared once; the rows of each load
// are created anew.

#include "hand/sums.hpp"
#include "load.hpp"

#include <algorithm>

namespace bench::hand {

namespace {

struct Request {
    std::vector<Person> people;
    std::vector<City> cities;
    std::vector<Province> provinces;
    std::vector<City*> places;
};

class Requests {
public:
    Requests(Database& db, std::int64_t count)
        : count_(count),
          people_(db,
                  std::string(select_people) + " WHERE id " +
                      (count == 1 ? "= " + parameter(1)
                                  : ">= " + parameter(1) + " AND id < " + parameter(2) + " ORDER BY id"),
                  Statement::Kept::yes),
          // Join shape: with so few people a second statement costs more than reading cities twice.
          visits_(db,
                  count == 1 ? "SELECT v.person_id, c.id, c.name, c.province_id FROM person_visitation v "
                               "JOIN city c ON c.id = v.city_id WHERE v.person_id = " +
                                   parameter(1)
                             : select_by_keys("v.person_id, c.id, c.name, c.province_id", "person_visitation v",
                                              "v.person_id", " JOIN city c ON c.id = v.city_id"),
                  Statement::Kept::yes),
          provinces_(db, Statement::Kept::yes) {}

    Request load(std::int64_t first) {
        Request request;
        read_people(first, request);
        read_visits(request);
        for (const auto& city : request.cities) provinces_.wanted.insert(city.province_id);
        request.provinces = provinces_.find(province_by_id_, Place::last);
        for (auto& city : request.cities) city.province = province_by_id_[city.province_id];
        return request;
    }

private:
    void read_people(std::int64_t first, Request& request) {
        request.people.reserve(static_cast<std::size_t>(count_));
        ids_.clear();
        people_.bind(1, first);
        if (count_ > 1) people_.bind(2, first + count_);
        people_.start(Place::first);
        while (people_.next()) {
            auto& person = request.people.emplace_back();
            read_row(people_, person);
            ids_.push_back(person.id);
        }
    }
    void read_visits(Request& request) {
        visits_read_.clear();
        starts_.assign(ids_.size() + 1, 0);
        request.cities.reserve(64);
        if (count_ > 1) {
            visits_.bind(1, Keys(ids_));
        } else {
            visits_.bind(1, ids_.front());
        }
        visits_.start(Place::amid);
        while (visits_.next()) {
            const auto person = static_cast<std::size_t>(std::ranges::find(ids_, visits_.integer(0)) - ids_.begin());
            const auto id = visits_.integer(1);
            const auto known = std::ranges::find(request.cities, id, &City::id);
            const auto city = static_cast<std::size_t>(known - request.cities.begin());
            visits_read_.push_back({person, city});
            ++starts_[person + 1];
            if (known != request.cities.end()) continue;
            auto& made = request.cities.emplace_back();
            made.id = id;
            visits_.text(2, made.name);
            made.province_id = visits_.integer(3);
        }
        for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
        request.places.resize(visits_read_.size());
        for (std::size_t i = 0; i < ids_.size(); ++i) {
            request.people[i].visitation = {request.places.data() + starts_[i], starts_[i + 1] - starts_[i]};
        }
        for (const auto& [person, city] : visits_read_) request.places[starts_[person]++] = &request.cities[city];
    }

    struct Visit {
        std::size_t person;
        std::size_t city;
    };

    std::int64_t count_;
    Statement people_;
    Statement visits_;
    Finder<Province> provinces_;
    std::vector<std::int64_t> ids_;
    std::vector<Visit> visits_read_;
    std::vector<std::size_t> starts_;
    ById<Province> province_by_id_;
};

std::uint64_t sum_of(const Request& request) {
    std::uint64_t sum = 0;
    for (const auto& person : request.people) sum += sum_of_travels(person);
    return sum;
}

std::int64_t count_people(Database& db) {
    Statement statement(db, "SELECT count(*) FROM person");
    statement.start(Place::alone);
    std::int64_t count = 0;
    while (statement.next()) count = statement.integer(0);
    return count;
}

void repeat(Run& run, std::int64_t people_each) {
    Database db(run.database());
    const auto people = count_people(db);
    Requests requests(db, people_each);
    for (std::int64_t i = 0; i < small_warm_up; ++i) (void)requests.load(small_first(i, people));
    const auto before = db.statements;
    run.rows(run.measure([&] {
        std::size_t count = 0;
        for (std::int64_t i = 0; i < small_times; ++i) count += requests.load(small_first(i, people)).people.size();
        return count;
    }));
    run.per(small_times);
    run.statements((db.statements - before) / small_times);
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < small_checked; ++i) sum += sum_of(requests.load(small_first(i, people)));
    run.checksum(sum);
}

} // namespace

void small_loads(Run& run) { repeat(run, small_people); }
void single_loads(Run& run) { repeat(run, 1); }

} // namespace bench::hand
