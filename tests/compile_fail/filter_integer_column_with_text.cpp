// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t; `age__gte` cannot be compared with text"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t; "}
// EXPECT-CLANG: {"`age__gte` cannot be compared "}
// EXPECT-CLANG: {"with text"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__gte"_f = "3"); }
