// EXPECT-GCC: {"kith: Person has no slot `wu_cty` for the Prefetch of `visitation`: add kith::PrefetchedSet<City> wu_cty{};"}
// EXPECT-CLANG: {"kith: Person has no slot "}
// EXPECT-CLANG: {"`wu_cty` for the Prefetch of "}
// EXPECT-CLANG: {"`visitation`: add "}
// EXPECT-CLANG: {"kith::PrefetchedSet<City> "}
// EXPECT-CLANG: {"wu_cty{};"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<City>(), "wu_cty"_f));
}
