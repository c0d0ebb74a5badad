// W9: bulk_create. W11: sets of links. W12: rows that were changed.

#include "common/scratch_copy.hpp"
#include "kith/models.hpp"

#include <cstdint>
#include <numeric>
#include <vector>

namespace bench {

namespace {

std::vector<Person> make_people() {
    std::vector<Person> people;
    people.reserve(static_cast<std::size_t>(new_people));
    for (std::int64_t i = 0; i < new_people; ++i) {
        people.push_back({.firstname = new_firstname(i), .lastname = new_lastname(i)});
        people.back().hometown.set_key(new_hometown(i));
    }
    return people;
}

std::vector<std::int64_t> every_city() {
    std::vector<std::int64_t> ids(all_cities);
    std::iota(ids.begin(), ids.end(), 1);
    return ids;
}

} // namespace

void bulk_create(Run& run) {
    using namespace kith::literals;
    const ScratchCopy copy(run.database());
    const auto db = open(copy.path());
    const auto people = make_people();
    run.rows(run.measure([&] { return db.objects<Person>().bulk_create(people); }).size());
    std::uint64_t sum = 0;
    for (const auto& hometown : db.objects<Person>().filter("id__gt"_f = 100'000).values_list<"hometown_id">()) {
        sum += number(hometown.value_or(0));
    }
    run.checksum(sum);
    run.statements(count_statements(db, [&] { (void)db.objects<Person>().bulk_create(people); }));
}

void set_links(Run& run) {
    using namespace kith::literals;
    const ScratchCopy copy(run.database());
    const auto db = open(copy.path());
    const auto cities = every_city();
    const auto people = db.objects<Person>().order_by("id").slice(0, travellers);
    (void)people.size();
    const auto link = [&] {
        db.atomic([&] {
            for (const Person& person : people) person.visitation.set(cities);
        });
        return people.size() * cities.size();
    };
    run.rows(run.measure(link));
    std::uint64_t sum = 0;
    const auto travelled = db.objects<Person>().order_by("id").slice(0, travellers).prefetch_related("visitation");
    for (const Person& person : travelled) {
        for (const City& city : person.visitation.all()) sum += number(person.id) + number(city.id) * 5;
    }
    run.checksum(sum);
    for (const Person& person : people) person.visitation.clear();
    run.statements(count_statements(db, link));
}

void save_rows(Run& run) {
    using namespace kith::literals;
    const ScratchCopy copy(run.database());
    const auto db = open(copy.path());
    const auto people = db.objects<Person>().order_by("id");
    for (Person& person : people) person.firstname = changed_firstname(person.id.value);
    const auto save = [&] {
        db.atomic([&] {
            for (Person& person : people) db.save(person);
        });
        return people.size();
    };
    run.rows(run.measure(save));
    std::uint64_t sum = 0;
    for (const Person& person : db.objects<Person>()) sum += number(person.id) + person.firstname.size();
    run.checksum(sum);
    run.statements(count_statements(db, save));
}

} // namespace bench
