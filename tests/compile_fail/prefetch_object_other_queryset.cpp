// EXPECT-GCC: {"kith: the Prefetch of `visitation` needs a QuerySet of City, but was given one of Province"}
// EXPECT-CLANG: {"kith: the Prefetch of "}
// EXPECT-CLANG: {"`visitation` needs a QuerySet "}
// EXPECT-CLANG: {"of City, but was given one of "}
// EXPECT-CLANG: {"Province"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<Province>()));
}
