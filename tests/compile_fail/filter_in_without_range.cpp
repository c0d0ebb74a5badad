// EXPECT-GCC: {"kith: `age__in` takes a range of values or a QuerySet"}
// EXPECT-CLANG: {"kith: `age__in` takes a range "}
// EXPECT-CLANG: {"of values or a QuerySet"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__in"_f = 3); }
