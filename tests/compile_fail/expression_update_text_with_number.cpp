// EXPECT-GCC: {"kith: Person::name is a column of type std::string; `name` cannot take a computed value of type std::int64_t"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string; `name` "}
// EXPECT-CLANG: {"cannot take a computed value of "}
// EXPECT-CLANG: {"type std::int64_t"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("name"_f = "age"_f + 1); }
