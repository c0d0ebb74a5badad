// EXPECT-GCC: {"kith: Reader::name is a column of type std::string, and Sum takes numbers"}
// EXPECT-CLANG: {"kith: Reader::name is a column "}
// EXPECT-CLANG: {"of type std::string, and Sum "}
// EXPECT-CLANG: {"takes numbers"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().aggregate(kith::Sum("name"_f)); }
