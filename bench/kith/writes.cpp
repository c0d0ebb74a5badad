// W9: bulk_create.

#include "common/scratch_copy.hpp"
#include "kith/models.hpp"

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

} // namespace bench
