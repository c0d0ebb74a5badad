// EXPECT-GCC: {"kith: Person has no member `ag` (in `ag`); it has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member `ag` "}
// EXPECT-CLANG: {"(in `ag`); it has id, name, "}
// EXPECT-CLANG: {"active, age, born, hometown, "}
// EXPECT-CLANG: {"mentor, visitation, wu_city, "}
// EXPECT-CLANG: {"provinces, home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("age"_f = "ag"_f + 1); }
