// W5 to W7: a stream, joined rows, and rows alone.

#include "kith/models.hpp"

namespace bench {

void streaming(Run& run) {
    const auto db = open(run.database());
    const auto people = db.objects<Person>().prefetch_related("visitation");
    const auto walk = [&] {
        std::uint64_t sum = 0;
        std::size_t count = 0;
        for (const Person& person : people.iterator({.chunk_size = stream_chunk})) {
            ++count;
            for (const City& city : person.visitation.all()) {
                sum += number(person.id) + number(city.id) * 5 + length(city.name);
            }
        }
        run.rows(count);
        return sum;
    };
    run.checksum(run.measure(walk));
    run.statements(count_statements(db, walk));
}

void select_related(Run& run) {
    const auto db = open(run.database());
    const auto query = db.objects<Person>().select_related("hometown__province");
    const auto people = run.measure([&] {
        auto all = query.all();
        run.rows(all.size());
        return all;
    });
    std::uint64_t sum = 0;
    for (const Person& person : people) {
        sum += number(person.id) * 3;
        if (!person.hometown) continue;
        const City& city = *person.hometown;
        sum += number(city.id) * 5 + length(city.name);
        sum += number(city.province->id) * 7 + length(city.province->name);
    }
    run.checksum(sum);
    run.statements(count_statements(db, [&] { (void)query.all().size(); }));
}

void plain(Run& run) {
    const auto db = open(run.database());
    const auto people = run.measure([&] {
        auto all = db.objects<Person>();
        run.rows(all.size());
        return all;
    });
    std::uint64_t sum = 0;
    for (const Person& person : people) {
        sum += number(person.id) * 3 + length(person.firstname) + length(person.lastname) * 7;
    }
    run.checksum(sum);
    run.statements(count_statements(db, [&] { (void)people.all().size(); }));
}

} // namespace bench
