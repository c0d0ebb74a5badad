// EXPECT-GCC: kith: City::province is not kith::null, so that a City cannot be taken out of this set: delete the row, or add it to another set
// EXPECT-CLANG: kith: City::province is not
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace travel;

void wrong(Province& province, City& city) {
    // [snippet wrong]
    province.city_set.remove(city); // City::province is not kith::null
    // [/snippet]
}
