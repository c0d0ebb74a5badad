// EXPECT-GCC: {"kith: Person::name is a column of type std::string; `name__in` cannot be compared with a range of values: an integer"}
// EXPECT-CLANG: {"kith: Person::name is a column "}
// EXPECT-CLANG: {"of type std::string; `name__in` "}
// EXPECT-CLANG: {"cannot be compared with a range "}
// EXPECT-CLANG: {"of values: an integer"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name__in"_f = {1, 2, 3}); }
