// EXPECT: kith: the third argument of a Prefetch is "slot"_f or kith::runtime(text), not a plain string
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<City>(), "wu_city"));
}
