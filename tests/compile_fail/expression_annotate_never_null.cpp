// EXPECT-GCC: {"kith: Reader::visits cannot be NULL, but the expression can: declare it as a kith::Annotation<std::optional<...>>"}
// EXPECT-CLANG: {"kith: Reader::visits cannot be "}
// EXPECT-CLANG: {"NULL, but the expression can: "}
// EXPECT-CLANG: {"declare it as a "}
// EXPECT-CLANG: {"kith::Annotation<std::optional<."}
// EXPECT-CLANG: {"..>>"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = "id"_f / 2); }
