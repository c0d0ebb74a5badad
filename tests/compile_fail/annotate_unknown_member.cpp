// EXPECT-GCC: {"kith: Reader has no member `visitations` (in `visitations`); it has id, name, hometown, visitation, visits, most"}
// EXPECT-CLANG: {"kith: Reader has no member "}
// EXPECT-CLANG: {"`visitations` (in "}
// EXPECT-CLANG: {"`visitations`); it has id, "}
// EXPECT-CLANG: {"name, hometown, visitation, "}
// EXPECT-CLANG: {"visits, most"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = kith::Count("visitations"_f)); }
