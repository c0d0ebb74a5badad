// EXPECT-GCC: {"kith: City has no member `nmae` (in `hometown__nmae`): did you mean `name`? It has id, name, province, visitors"}
// EXPECT-CLANG: {"kith: City has no member `nmae` "}
// EXPECT-CLANG: {"(in `hometown__nmae`): did you "}
// EXPECT-CLANG: {"mean `name`? It has id, name, "}
// EXPECT-CLANG: {"province, visitors"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().values_list<"name", "hometown__nmae">(); }
