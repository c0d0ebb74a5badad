// EXPECT-GCC: {"kith: Person::active is a column of type bool; `active` cannot be compared with an integer"}
// EXPECT-CLANG: {"kith: Person::active is a "}
// EXPECT-CLANG: {"column of type bool; `active` "}
// EXPECT-CLANG: {"cannot be compared with an "}
// EXPECT-CLANG: {"integer"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().exclude("active"_f = 1); }
