// EXPECT: no matching
// EXPECT: select_related
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().select_related(); }
