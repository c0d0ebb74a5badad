// W1 to W4: one relation, or two, prefetched for all rows of a table.

#include "kith/models.hpp"

namespace bench {

namespace {

/// Evaluates `query` once, cold, and once more to count its statements.
template <class M>
kith::QuerySet<M> load(Run& run, const kith::Database& db, const kith::QuerySet<M>& query) {
    auto rows = run.measure([&] {
        auto all = query.all();
        run.rows(all.size());
        return all;
    });
    run.statements(count_statements(db, [&] { (void)query.all().size(); }));
    return rows;
}

} // namespace

void forward_key(Run& run) {
    const auto db = open(run.database());
    std::uint64_t sum = 0;
    for (const Person& person : load(run, db, db.objects<Person>().prefetch_related("hometown"))) {
        sum += number(person.id) * 3 + length(person.firstname) * 7;
        if (person.hometown) sum += number(person.hometown->id) * 5 + length(person.hometown->name);
    }
    run.checksum(sum);
}

void reverse_key(Run& run) {
    const auto db = open(run.database());
    std::uint64_t sum = 0;
    for (const Province& province : load(run, db, db.objects<Province>().prefetch_related("city_set"))) {
        for (const City& city : province.city_set.all()) {
            sum += number(province.id) * 3 + number(city.id) * 5 + length(city.name);
        }
    }
    run.checksum(sum);
}

void many_to_many(Run& run) {
    const auto db = open(run.database());
    std::uint64_t sum = 0;
    for (const Person& person : load(run, db, db.objects<Person>().prefetch_related("visitation"))) {
        for (const City& city : person.visitation.all()) {
            sum += number(person.id) + number(city.id) * 5 + length(city.name);
        }
    }
    run.checksum(sum);
}

void two_levels(Run& run) {
    const auto db = open(run.database());
    std::uint64_t sum = 0;
    for (const Person& person : load(run, db, db.objects<Person>().prefetch_related("visitation__province"))) {
        for (const City& city : person.visitation.all()) {
            sum += number(person.id) + number(city.id) * 5;
            sum += number(city.province->id) * 7 + length(city.province->name);
        }
    }
    run.checksum(sum);
}

} // namespace bench
