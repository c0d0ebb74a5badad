// EXPECT-GCC: {"kith: Sale::price is a column of type kith::Decimal and Sale::weight is a column of type double: a Decimal is exact, and a double is not, so that they do not go together in *"}
// EXPECT-CLANG: {"kith: Sale::price is a column "}
// EXPECT-CLANG: {"of type kith::Decimal and "}
// EXPECT-CLANG: {"Sale::weight is a column of "}
// EXPECT-CLANG: {"type double: a Decimal is "}
// EXPECT-CLANG: {"exact, and a double is not, so "}
// EXPECT-CLANG: {"that they do not go together in "}
// EXPECT-CLANG: {"*"}
#include "sale.hpp"

void use(const kith::Database& db) { db.objects<Sale>().filter("price__gt"_f = "price"_f * "weight"_f); }
