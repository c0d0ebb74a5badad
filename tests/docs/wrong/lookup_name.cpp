// EXPECT: this_model_has_no_such_member
// EXPECT-GCC: Model = travel::City
// EXPECT-CLANG: this_model_has_no_such_member<travel::City
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
