// EXPECT-GCC: {"kith: Reader::hometown is a relation to City, and Max takes a column: name one behind it"}
// EXPECT-CLANG: {"kith: Reader::hometown is a "}
// EXPECT-CLANG: {"relation to City, and Max takes "}
// EXPECT-CLANG: {"a column: name one behind it"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().aggregate(kith::Max("hometown"_f)); }
