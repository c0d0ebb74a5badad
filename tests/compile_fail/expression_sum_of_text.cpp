// EXPECT-GCC: {"kith: this is a value of type std::string, and Sum takes numbers"}
// EXPECT-CLANG: {"kith: this is a value of type "}
// EXPECT-CLANG: {"std::string, and Sum takes "}
// EXPECT-CLANG: {"numbers"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().aggregate(kith::Sum(kith::Upper("name"_f))); }
