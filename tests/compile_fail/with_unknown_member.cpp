// EXPECT-GCC: {"kith: Person has no member `visits`; it has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`visits`; it has id, name, "}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().create({.name = "x"}, kith::with("visits"_f, {1})); }
