// EXPECT-GCC: {"kith: `icontainz` is no lookup of City::name (in `visitation__name__icontainz`); lookups are exact iexact contains icontains startswith istartswith endswith iendswith gt gte lt lte in range isnull regex iregex year month day"}
// EXPECT-CLANG: {"kith: `icontainz` is no lookup "}
// EXPECT-CLANG: {"of City::name (in "}
// EXPECT-CLANG: {"`visitation__name__icontainz`); "}
// EXPECT-CLANG: {"lookups are exact iexact "}
// EXPECT-CLANG: {"contains icontains startswith "}
// EXPECT-CLANG: {"istartswith endswith iendswith "}
// EXPECT-CLANG: {"gt gte lt lte in range isnull "}
// EXPECT-CLANG: {"regex iregex year month day"}
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().filter("visitation__name__icontainz"_f = "x"); }
