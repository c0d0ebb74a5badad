// EXPECT-GCC: {"kith: `age` takes one value: use __in for a range or a QuerySet, __range for a std::pair"}
// EXPECT-CLANG: {"kith: `age` takes one value: "}
// EXPECT-CLANG: {"use __in for a range or a "}
// EXPECT-CLANG: {"QuerySet, __range for a "}
// EXPECT-CLANG: {"std::pair"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("age"_f = std::vector<int>{1, 2}); }
