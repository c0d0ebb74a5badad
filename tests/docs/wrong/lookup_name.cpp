// EXPECT: this_model_has_no_such_member
// EXPECT: City
// EXPECT: "provinc"
#include <kith/kith.hpp>
#include <travel.hpp>

using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    db.objects<Person>().prefetch_related("visitation__provinc");
    // [/snippet]
}
