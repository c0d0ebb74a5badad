// EXPECT: kith: behind the row, create takes kith::with("set"_f, rows)
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().create({.name = "x"}, "visitation"_f = 7); }
