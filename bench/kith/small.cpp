// W8: the work of a web request. Ten people with two levels, or one (W8b), again and again, with everything warm.

#include "kith/models.hpp"

namespace bench {

namespace {

using namespace kith::literals;

kith::QuerySet<Person> ten_people(const kith::Database& db, std::int64_t first) {
    return db.objects<Person>()
        .filter("id__gte"_f = first, "id__lt"_f = first + small_people)
        .order_by("id")
        .prefetch_related("visitation__province");
}

kith::QuerySet<Person> one_person(const kith::Database& db, std::int64_t id) {
    return db.objects<Person>().filter("id"_f = id).prefetch_related("visitation__province");
}

std::uint64_t sum_of(const kith::QuerySet<Person>& people) {
    std::uint64_t sum = 0;
    for (const Person& person : people) {
        for (const City& city : person.visitation.all()) {
            sum += number(person.id) + number(city.id) * 5;
            sum += number(city.province->id) * 7 + length(city.province->name);
        }
    }
    return sum;
}

using Choose = kith::QuerySet<Person>(const kith::Database&, std::int64_t);

void repeat(Run& run, Choose& choose) {
    const auto db = open(run.database());
    const auto people = db.objects<Person>().count();
    const auto load = [&](std::int64_t i) { return choose(db, small_first(i, people)).size(); };
    for (std::int64_t i = 0; i < small_warm_up; ++i) (void)load(i);
    run.rows(run.measure([&] {
        std::size_t count = 0;
        for (std::int64_t i = 0; i < small_times; ++i) count += load(i);
        return count;
    }));
    run.per(small_times);
    run.statements(count_statements(db, [&] { (void)load(0); }));
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < small_checked; ++i) sum += sum_of(choose(db, small_first(i, people)));
    run.checksum(sum);
}

} // namespace

void small_loads(Run& run) { repeat(run, ten_people); }
void single_loads(Run& run) { repeat(run, one_person); }

} // namespace bench
