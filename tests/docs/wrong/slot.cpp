// EXPECT-GCC: kith: Person has no slot `wu_cities` for the Prefetch of `visitation`: add kith::PrefetchedSet<City> wu_cities{};
// EXPECT-CLANG: kith: Person has no slot
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace kith::literals;
using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus, "wu_cities"_f));
    // [/snippet]
}
