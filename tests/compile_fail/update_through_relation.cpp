// EXPECT-GCC: {"kith: Person::hometown can only be assigned by itself, without a lookup or a path behind it (in `hometown__name`)"}
// EXPECT-CLANG: {"kith: Person::hometown can only "}
// EXPECT-CLANG: {"be assigned by itself, without "}
// EXPECT-CLANG: {"a lookup or a path behind it "}
// EXPECT-CLANG: {"(in `hometown__name`)"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("hometown__name"_f = "x"); }
