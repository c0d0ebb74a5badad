// EXPECT-GCC: {"kith: Person::age is a column of type std::int32_t; `age` cannot be set to text"}
// EXPECT-CLANG: {"kith: Person::age is a column "}
// EXPECT-CLANG: {"of type std::int32_t; `age` "}
// EXPECT-CLANG: {"cannot be set to text"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().get_or_create("name"_f = "x", kith::defaults("age"_f = "3"));
}
