// EXPECT-GCC: {"kith: Person has no member `aeg` (in `aeg`): did you mean `age`? It has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`aeg` (in `aeg`): did you mean "}
// EXPECT-CLANG: {"`age`? It has id, name, active, "}
// EXPECT-CLANG: {"age, born, hometown, mentor, "}
// EXPECT-CLANG: {"visitation, wu_city, provinces, "}
// EXPECT-CLANG: {"home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__lt"_f = "aeg"_f); }
