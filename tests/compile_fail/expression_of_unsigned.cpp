// EXPECT-GCC: {"kith: Sale::views is a column of type std::uint64_t, and + does not take unsigned numbers of 64 bits: databases compute with signed ones"}
// EXPECT-CLANG: {"kith: Sale::views is a column "}
// EXPECT-CLANG: {"of type std::uint64_t, and + "}
// EXPECT-CLANG: {"does not take unsigned numbers "}
// EXPECT-CLANG: {"of 64 bits: databases compute "}
// EXPECT-CLANG: {"with signed ones"}
#include "sale.hpp"

void use(const kith::Database& db) { db.objects<Sale>().update("views"_f = "views"_f + 1); }
