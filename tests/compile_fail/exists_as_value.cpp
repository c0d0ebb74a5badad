// EXPECT-GCC: {"kith: kith::Exists is a condition, and no value that a column could be set to"}
// EXPECT-CLANG: {"kith: kith::Exists is a "}
// EXPECT-CLANG: {"condition, and no value that a "}
// EXPECT-CLANG: {"column could be set to"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update(kith::Exists(db.objects<City>())); }
