// EXPECT-GCC: error: invalid use of incomplete type 'struct kith::wrong<kith::detail::Text<158>{"kith: Person has no member
// EXPECT-GCC: {"kith: Person has no member `nmae` (in `nmae`): did you mean `name`? It has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`nmae` (in `nmae`): did you "}
// EXPECT-CLANG: {"mean `name`? It has id, name, "}
// EXPECT-CLANG: {"active, age, born, hometown, "}
// EXPECT-CLANG: {"mentor, visitation, wu_city, "}
// EXPECT-CLANG: {"provinces, home"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("nmae"_f = "x"); }
