// EXPECT-GCC: {"kith: `age` can be computed from columns of Person itself, not from those of related rows"}
// EXPECT-CLANG: {"kith: `age` can be computed "}
// EXPECT-CLANG: {"from columns of Person itself, "}
// EXPECT-CLANG: {"not from those of related rows"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().update("age"_f = "mentor__age"_f + 1); }
