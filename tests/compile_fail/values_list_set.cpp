// EXPECT-GCC: {"kith: Person::visitation has no value of its own: name a member of it (in `visitation`)"}
// EXPECT-CLANG: {"kith: Person::visitation has no "}
// EXPECT-CLANG: {"value of its own: name a member "}
// EXPECT-CLANG: {"of it (in `visitation`)"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().values_list<"visitation">(); }
