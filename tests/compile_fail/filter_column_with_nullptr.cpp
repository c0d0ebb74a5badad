// EXPECT-GCC: {"kith: Person::name is a column of type std::string that is never NULL; `name` cannot be nullptr"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string that is "}
// EXPECT-CLANG: {"never NULL; `name` cannot be "}
// EXPECT-CLANG: {"nullptr"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"_f = nullptr); }
