// EXPECT-GCC: {"kith: Person has no member `aeg` (in `aeg`); it has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`aeg` (in `aeg`); it has id, "}
// EXPECT-CLANG: {"name, active, age, born, "}
// EXPECT-CLANG: {"hometown, mentor, visitation, "}
// EXPECT-CLANG: {"wu_city, provinces, home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__lt"_f = "aeg"_f); }
