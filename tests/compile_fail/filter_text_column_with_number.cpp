// EXPECT-GCC: {"kith: Person::name is a column of type std::string; `name` cannot be compared with an integer"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string; `name` "}
// EXPECT-CLANG: {"cannot be compared with an "}
// EXPECT-CLANG: {"integer"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"_f = 3); }
