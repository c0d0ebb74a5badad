// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t; `age__lt` cannot be compared with `name`, a column of type std::string"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t; `age__lt` "}
// EXPECT-CLANG: {"cannot be compared with `name`, "}
// EXPECT-CLANG: {"a column of type std::string"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__lt"_f = "name"_f); }
