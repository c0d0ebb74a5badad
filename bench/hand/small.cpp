// W8: the work of a web request, for ten people or for one (W8b). Statements are prepared once; the rows of each load
// are created anew.

#include "hand/load.hpp"
#include "hand/sums.hpp"

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
        : db_(db),
          count_(count),
          people_(db, "SELECT id, firstname, lastname, hometown_id, living_id FROM person WHERE " +
                          std::string(count == 1 ? "id = ?" : "id >= ? AND id < ? ORDER BY id")),
          visits_(db, "SELECT v.person_id, c.id, c.name, c.province_id FROM " +
                          std::string(count == 1 ? "person_visitation v CROSS JOIN city c ON c.id = v.city_id "
                                                   "WHERE v.person_id = ?"
                                                 : "keys(?) k CROSS JOIN person_visitation v ON v.person_id = k.key "
                                                   "CROSS JOIN city c ON c.id = v.city_id")),
          provinces_(db),
          begin_(db, "BEGIN"),
          commit_(db, "COMMIT") {}

    Request load(std::int64_t first) {
        control(begin_);
        Request request;
        read_people(first, request);
        read_visits(request);
        read_provinces(request);
        control(commit_);
        return request;
    }

private:
    void control(Statement& statement) {
        statement.start();
        (void)statement.next();
        --db_.statements;
    }
    void read_people(std::int64_t first, Request& request) {
        request.people.reserve(static_cast<std::size_t>(count_));
        ids_.clear();
        people_.bind(1, first);
        if (count_ > 1) people_.bind(2, first + count_);
        people_.start();
        while (people_.next()) {
            auto& person = request.people.emplace_back();
            person.id = people_.integer(0);
            people_.text(1, person.firstname);
            people_.text(2, person.lastname);
            person.hometown_id = people_.integer(3);
            person.living_id = people_.integer(4);
            ids_.push_back(person.id);
        }
    }
    /// Join shape: with so few people a second statement costs more than reading cities twice.
    void read_visits(Request& request) {
        counts_.assign(ids_.size(), 0);
        city_ids_.clear();
        request.cities.reserve(64);
        const Keys keys(ids_);
        if (count_ > 1) {
            visits_.bind(1, keys);
        } else {
            visits_.bind(1, ids_.front());
        }
        visits_.start();
        std::size_t person = 0;
        while (visits_.next()) {
            while (ids_[person] != visits_.integer(0)) ++person;
            ++counts_[person];
            const auto id = visits_.integer(1);
            const auto known = std::ranges::find(request.cities, id, &City::id);
            city_ids_.push_back(static_cast<std::size_t>(known - request.cities.begin()));
            if (known != request.cities.end()) continue;
            auto& city = request.cities.emplace_back();
            city.id = id;
            visits_.text(2, city.name);
            city.province_id = visits_.integer(3);
        }
        request.places.reserve(city_ids_.size());
        for (const auto index : city_ids_) request.places.push_back(&request.cities[index]);
        auto* next = request.places.data();
        for (std::size_t i = 0; i < ids_.size(); next += counts_[i++])
            request.people[i].visitation = {next, counts_[i]};
    }
    void read_provinces(Request& request) {
        for (const auto& city : request.cities) provinces_.wanted.insert(city.province_id);
        request.provinces = provinces_.find(province_by_id_);
        for (auto& city : request.cities) city.province = province_by_id_[city.province_id];
    }

    Database& db_;
    std::int64_t count_;
    Statement people_;
    Statement visits_;
    Finder<Province> provinces_;
    Statement begin_;
    Statement commit_;
    std::vector<std::int64_t> ids_;
    std::vector<std::size_t> counts_;
    std::vector<std::size_t> city_ids_;
    ById<Province> province_by_id_;
};

std::uint64_t sum_of(const Request& request) {
    std::uint64_t sum = 0;
    for (const auto& person : request.people) sum += sum_of_travels(person);
    return sum;
}

std::int64_t count_people(Database& db) {
    Statement statement(db, "SELECT count(*) FROM person");
    statement.start();
    (void)statement.next();
    return statement.integer(0);
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
