// EXPECT-GCC: {"kith: Reader has no member `visitations` (in `visitations`): did you mean `visitation`? It has id, name, hometown, visitation, visits, most"}
// EXPECT-CLANG: {"kith: Reader has no member "}
// EXPECT-CLANG: {"`visitations` (in "}
// EXPECT-CLANG: {"`visitations`): did you mean "}
// EXPECT-CLANG: {"`visitation`? It has id, name, "}
// EXPECT-CLANG: {"hometown, visitation, visits, "}
// EXPECT-CLANG: {"most"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = kith::Count("visitations"_f)); }
