// EXPECT-GCC: {"kith: Reader::visits is no column that can be written (in `visits`)"}
// EXPECT-CLANG: {"kith: Reader::visits is no "}
// EXPECT-CLANG: {"column that can be written (in "}
// EXPECT-CLANG: {"`visits`)"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().update("visits"_f = 3); }
