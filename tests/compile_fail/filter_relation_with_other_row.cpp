// EXPECT-GCC: {"kith: Person::hometown is a relation to City; `hometown` cannot be compared with a row of Province"}
// EXPECT-CLANG: {"kith: Person::hometown is a "}
// EXPECT-CLANG: {"relation to City; `hometown` "}
// EXPECT-CLANG: {"cannot be compared with a row "}
// EXPECT-CLANG: {"of Province"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("hometown"_f = db.objects<Province>().get()); }
