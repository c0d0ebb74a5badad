// EXPECT: sortable
#include <kith/kith.hpp>

#include <travel.hpp>

#include <algorithm>

using namespace travel;

void wrong(const kith::Database& db) {
    auto people = db.objects<Person>();
    // [snippet wrong]
    std::ranges::sort(people, {}, &Person::firstname);
    // [/snippet]
}
