// EXPECT-GCC: {"kith: Person has no member `nme` (in `nme`); it has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`nme` (in `nme`); it has id, "}
// EXPECT-CLANG: {"name, active, age, born, "}
// EXPECT-CLANG: {"hometown, mentor, visitation, "}
// EXPECT-CLANG: {"wu_city, provinces, home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().group_by<"nme">(kith::Count("id"_f)); }
