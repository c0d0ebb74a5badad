// EXPECT-GCC: {"kith: `mentor__isnull` takes true or false"}
// EXPECT-CLANG: {"kith: `mentor__isnull` takes "}
// EXPECT-CLANG: {"true or false"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("mentor__isnull"_f = 1); }
