// EXPECT-GCC: {"kith: Sale::price is a column of type kith::Decimal, and each database would round a quotient of Decimals differently: multiply instead, or divide doubles"}
// EXPECT-CLANG: {"kith: Sale::price is a column "}
// EXPECT-CLANG: {"of type kith::Decimal, and each "}
// EXPECT-CLANG: {"database would round a quotient "}
// EXPECT-CLANG: {"of Decimals differently: "}
// EXPECT-CLANG: {"multiply instead, or divide "}
// EXPECT-CLANG: {"doubles"}
#include "sale.hpp"

void use(const kith::Database& db) { db.objects<Sale>().filter("price__gt"_f = "price"_f / 2); }
