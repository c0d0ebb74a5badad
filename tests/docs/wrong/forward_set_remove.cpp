// EXPECT: kith
#include <kith/kith.hpp>
#include <travel.hpp>

using namespace travel;

void wrong(Province& province, City& city) {
    // [snippet wrong]
    province.city_set.remove(city);   // City::province is not kith::null
    // [/snippet]
}
