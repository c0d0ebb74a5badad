// EXPECT-GCC: {"kith: Person has no member `nme` (in `nme`): did you mean `name`? It has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`nme` (in `nme`): did you mean "}
// EXPECT-CLANG: {"`name`? It has id, name, "}
// EXPECT-CLANG: {"active, age, born, hometown, "}
// EXPECT-CLANG: {"mentor, visitation, wu_city, "}
// EXPECT-CLANG: {"provinces, home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().group_by<"nme">(kith::Count("id"_f)); }
