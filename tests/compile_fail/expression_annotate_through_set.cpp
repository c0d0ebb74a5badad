// EXPECT-GCC: {"kith: the expression for `visits` leads through a set: take an aggregate of it"}
// EXPECT-CLANG: {"kith: the expression for "}
// EXPECT-CLANG: {"`visits` leads through a set: "}
// EXPECT-CLANG: {"take an aggregate of it"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = "visitation__id"_f + 1); }
