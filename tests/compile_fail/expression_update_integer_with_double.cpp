// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t; `age` cannot take a computed value of type double"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t; `age` "}
// EXPECT-CLANG: {"cannot take a computed value of "}
// EXPECT-CLANG: {"type double"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("age"_f = "age"_f * 1.5); }
