// EXPECT-GCC: {"kith: City has no member `provinc` (in `visitation__provinc`): did you mean `province`? It has id, name, province, visitors"}
// EXPECT-CLANG: {"kith: City has no member "}
// EXPECT-CLANG: {"`provinc` (in "}
// EXPECT-CLANG: {"`visitation__provinc`): did you "}
// EXPECT-CLANG: {"mean `province`? It has id, "}
// EXPECT-CLANG: {"name, province, visitors"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related(kith::Prefetch("visitation__provinc"_f)); }
