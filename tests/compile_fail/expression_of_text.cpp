// EXPECT-GCC: {"kith: Person::name is a column of type std::string, and + takes numbers"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string, and + "}
// EXPECT-CLANG: {"takes numbers"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age"_f = "name"_f + 1); }
