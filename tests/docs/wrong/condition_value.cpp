// EXPECT-GCC: kith: Person::lastname is a column of type std::string; `lastname` cannot be compared with an integer
// EXPECT-CLANG: kith: Person::lastname is a
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace kith::literals;
using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    db.objects<Person>().filter("lastname"_f = 7);
    // [/snippet]
}
