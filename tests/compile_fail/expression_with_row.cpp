// EXPECT-GCC: {"kith: an expression takes paths and single values: numbers, text, dates and the like"}
// EXPECT-CLANG: {"kith: an expression takes paths "}
// EXPECT-CLANG: {"and single values: numbers, "}
// EXPECT-CLANG: {"text, dates and the like"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age"_f = "age"_f + Person{}); }
