// EXPECT-GCC: {"kith: Person::name cannot take the Prefetch of `visitation`: it is no kith::PrefetchedSet<City>"}
// EXPECT-CLANG: {"kith: Person::name cannot take "}
// EXPECT-CLANG: {"the Prefetch of `visitation`: "}
// EXPECT-CLANG: {"it is no "}
// EXPECT-CLANG: {"kith::PrefetchedSet<City>"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<City>(), "name"_f));
}
