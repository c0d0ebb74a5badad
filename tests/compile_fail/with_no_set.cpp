// EXPECT-GCC: {"kith: Person::hometown is no set: kith::with takes a ManyToMany, or the ReverseSet of a ForeignKey"}
// EXPECT-CLANG: {"kith: Person::hometown is no "}
// EXPECT-CLANG: {"set: kith::with takes a "}
// EXPECT-CLANG: {"ManyToMany, or the ReverseSet "}
// EXPECT-CLANG: {"of a ForeignKey"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().create({.name = "x"}, kith::with("hometown"_f, {1})); }
