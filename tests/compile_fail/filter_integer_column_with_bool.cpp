// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t; `age` cannot be compared with bool"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t; `age` "}
// EXPECT-CLANG: {"cannot be compared with bool"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age"_f = true); }
