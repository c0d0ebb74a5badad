// EXPECT-GCC: {"kith: Person::provinces is a slot for Province, but `visitation` fetches City"}
// EXPECT-CLANG: {"kith: Person::provinces is a "}
// EXPECT-CLANG: {"slot for Province, but "}
// EXPECT-CLANG: {"`visitation` fetches City"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<City>(), "provinces"_f));
}
