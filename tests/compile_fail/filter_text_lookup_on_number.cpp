// EXPECT-GCC: {"kith: `age__icontains` looks into text, which the column does not hold"}
// EXPECT-CLANG: {"kith: `age__icontains` looks "}
// EXPECT-CLANG: {"into text, which the column "}
// EXPECT-CLANG: {"does not hold"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age__icontains"_f = "3"); }
