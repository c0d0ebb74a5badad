// EXPECT-GCC: {"kith: Person has no member `ag` (in `ag`): did you mean `age`? It has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member `ag` "}
// EXPECT-CLANG: {"(in `ag`): did you mean `age`? "}
// EXPECT-CLANG: {"It has id, name, active, age, "}
// EXPECT-CLANG: {"born, hometown, mentor, "}
// EXPECT-CLANG: {"visitation, wu_city, provinces, "}
// EXPECT-CLANG: {"home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("age"_f = "ag"_f + 1); }
