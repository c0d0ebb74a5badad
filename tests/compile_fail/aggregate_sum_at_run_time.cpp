// EXPECT: kith: the type of this aggregate comes from its column, so aggregate() needs a literal path
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().aggregate(kith::Sum(kith::runtime("name"))); }
