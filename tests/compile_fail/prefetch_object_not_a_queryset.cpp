// EXPECT: kith: the second argument of a Prefetch is a QuerySet, or kith::None for all rows
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, 3)); }
