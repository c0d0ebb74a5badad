// EXPECT-GCC: {"kith: Reader::visits is an annotation, which a QuerySet of Reader itself can have, no other (in `reader__visits`)"}
// EXPECT-CLANG: {"kith: Reader::visits is an "}
// EXPECT-CLANG: {"annotation, which a QuerySet of "}
// EXPECT-CLANG: {"Reader itself can have, no "}
// EXPECT-CLANG: {"other (in `reader__visits`)"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Loan>().filter("reader__visits"_f = 3); }
