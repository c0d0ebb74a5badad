// EXPECT-GCC: {"kith: City has no member `provinc` (in `visitation__provinc__name`): did you mean `province`? It has id, name, province, visitors"}
// EXPECT-CLANG: {"kith: City has no member "}
// EXPECT-CLANG: {"`provinc` (in "}
// EXPECT-CLANG: {"`visitation__provinc__name`): "}
// EXPECT-CLANG: {"did you mean `province`? It has "}
// EXPECT-CLANG: {"id, name, province, visitors"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("visitation__provinc__name"_f = "x"); }
