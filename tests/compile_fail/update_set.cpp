// EXPECT-GCC: {"kith: Person::visitation is no column that can be written (in `visitation`)"}
// EXPECT-CLANG: {"kith: Person::visitation is no "}
// EXPECT-CLANG: {"column that can be written (in "}
// EXPECT-CLANG: {"`visitation`)"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("visitation"_f = 3); }
