// EXPECT-GCC: {"kith: `name__year` takes a part of a date, which the column does not hold"}
// EXPECT-CLANG: {"kith: `name__year` takes a part "}
// EXPECT-CLANG: {"of a date, which the column "}
// EXPECT-CLANG: {"does not hold"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name__year"_f = 2020); }
