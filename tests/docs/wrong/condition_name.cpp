// EXPECT-GCC: kith: City has no member `nme` (in `hometown__nme__icontains`): did you mean `name`? It has id, name, province, visitors
// EXPECT-CLANG: kith: City has no member `nme`
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace kith::literals;
using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    db.objects<Person>().filter("hometown__nme__icontains"_f = "wu");
    // [/snippet]
}
