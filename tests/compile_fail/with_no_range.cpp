// EXPECT: kith: the second argument of kith::with is a range of rows, Refs or keys
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().create({.name = "x"}, kith::with("visitation"_f, 7)); }
