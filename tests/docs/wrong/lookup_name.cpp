// EXPECT: the_lookup_names_no_member_of
// EXPECT-GCC: Model = travel::City
// EXPECT-CLANG: the_lookup_names_no_member_of<travel::City
// EXPECT: "id, name, province, visitors"
// EXPECT: "visitation__provinc"
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    db.objects<Person>().prefetch_related("visitation__provinc");
    // [/snippet]
}
