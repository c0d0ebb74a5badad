// EXPECT: std::sortable
#include <algorithm>

#include <kith/kith.hpp>
#include <travel.hpp>

using namespace travel;

void wrong(const kith::Database& db) {
    auto people = db.objects<Person>();
    // [snippet wrong]
    std::ranges::sort(people, {}, &Person::firstname);
    // [/snippet]
}
