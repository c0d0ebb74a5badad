// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t, and Lower takes text"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t, and Lower "}
// EXPECT-CLANG: {"takes text"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"_f = kith::Lower("age"_f)); }
