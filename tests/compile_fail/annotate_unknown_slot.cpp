// EXPECT-GCC: {"kith: Reader has no member `visit` for the result of Count: declare a kith::Annotation<...> visit{}"}
// EXPECT-CLANG: {"kith: Reader has no member "}
// EXPECT-CLANG: {"`visit` for the result of "}
// EXPECT-CLANG: {"Count: declare a "}
// EXPECT-CLANG: {"kith::Annotation<...> visit{}"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visit"_f = kith::Count("visitation"_f)); }
