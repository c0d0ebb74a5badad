// EXPECT-GCC: {"kith: Person::name is a column of type std::string; `name` cannot be compared with a computed value of type std::int64_t"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string; `name` "}
// EXPECT-CLANG: {"cannot be compared with a "}
// EXPECT-CLANG: {"computed value of type "}
// EXPECT-CLANG: {"std::int64_t"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"_f = "age"_f * 2); }
