// EXPECT-GCC: {"kith: `hometown` leads to one value per row: annotate() takes an aggregate over a set, aggregate() one over all rows"}
// EXPECT-CLANG: {"kith: `hometown` leads to one "}
// EXPECT-CLANG: {"value per row: annotate() takes "}
// EXPECT-CLANG: {"an aggregate over a set, "}
// EXPECT-CLANG: {"aggregate() one over all rows"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = kith::Count("hometown"_f)); }
