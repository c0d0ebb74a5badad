// EXPECT-GCC: {"kith: Reader::name is no kith::Annotation, which annotate() could fill"}
// EXPECT-CLANG: {"kith: Reader::name is no "}
// EXPECT-CLANG: {"kith::Annotation, which "}
// EXPECT-CLANG: {"annotate() could fill"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("name"_f = kith::Count("visitation"_f)); }
