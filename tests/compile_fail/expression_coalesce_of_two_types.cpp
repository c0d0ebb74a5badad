// EXPECT-GCC: {"kith: Person::name is a column of type std::string and Person::age is a column of type std::int32_t: they do not go together in Coalesce"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string and "}
// EXPECT-CLANG: {"Person::age is a column of type "}
// EXPECT-CLANG: {"std::int32_t: they do not go "}
// EXPECT-CLANG: {"together in Coalesce"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"_f = kith::Coalesce("name"_f, "age"_f)); }
