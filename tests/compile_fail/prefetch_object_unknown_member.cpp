// EXPECT-GCC: {"kith: City has no member `provinc` (in `visitation__provinc`); it has id, name, province, visitors"}
// EXPECT-CLANG: {"kith: City has no member "}
// EXPECT-CLANG: {"`provinc` (in "}
// EXPECT-CLANG: {"`visitation__provinc`); it has "}
// EXPECT-CLANG: {"id, name, province, visitors"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related(kith::Prefetch("visitation__provinc"_f)); }
