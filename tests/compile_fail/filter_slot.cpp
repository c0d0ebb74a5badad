// EXPECT-GCC: {"kith: Person::wu_city is a slot that a Prefetch fills, not a column or relation (in `wu_city__name`)"}
// EXPECT-CLANG: {"kith: Person::wu_city is a slot "}
// EXPECT-CLANG: {"that a Prefetch fills, not a "}
// EXPECT-CLANG: {"column or relation (in "}
// EXPECT-CLANG: {"`wu_city__name`)"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("wu_city__name"_f = "x"); }
