// EXPECT: kith: a condition is needed here, such as "name"_f = value
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("name"); }
