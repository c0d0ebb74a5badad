// EXPECT-GCC: {"kith: Person::hometown is a relation to City; `hometown__in` cannot take a QuerySet of Province"}
// EXPECT-CLANG: {"kith: Person::hometown is a "}
// EXPECT-CLANG: {"relation to City; "}
// EXPECT-CLANG: {"`hometown__in` cannot take a "}
// EXPECT-CLANG: {"QuerySet of Province"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("hometown__in"_f = db.objects<Province>()); }
