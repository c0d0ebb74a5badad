// EXPECT-GCC: {"kith: Person::hometown is a relation to City; `hometown` cannot be compared with text, only with a City, a kith::Ref<City>, nullptr or a key (std::int64_t)"}
// EXPECT-CLANG: {"kith: Person::hometown is a "}
// EXPECT-CLANG: {"relation to City; `hometown` "}
// EXPECT-CLANG: {"cannot be compared with text, "}
// EXPECT-CLANG: {"only with a City, a "}
// EXPECT-CLANG: {"kith::Ref<City>, nullptr or a "}
// EXPECT-CLANG: {"key (std::int64_t)"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("hometown"_f = "Wuhan"); }
