// EXPECT-GCC: {"kith: `name__icontains` takes a value of the program, no expression"}
// EXPECT-CLANG: {"kith: `name__icontains` takes a "}
// EXPECT-CLANG: {"value of the program, no "}
// EXPECT-CLANG: {"expression"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name__icontains"_f = kith::Lower("name"_f)); }
