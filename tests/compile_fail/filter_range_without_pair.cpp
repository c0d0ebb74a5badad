// EXPECT-GCC: {"kith: `age__range` takes a std::pair of the first and the last value"}
// EXPECT-CLANG: {"kith: `age__range` takes a "}
// EXPECT-CLANG: {"std::pair of the first and the "}
// EXPECT-CLANG: {"last value"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__range"_f = 3); }
