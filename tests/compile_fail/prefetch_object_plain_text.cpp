// EXPECT: kith: a Prefetch takes "lookup"_f or kith::runtime(text), not a plain string
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related(kith::Prefetch("visitation")); }
