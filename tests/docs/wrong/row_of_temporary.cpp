// EXPECT: Ref<
#include <kith/kith.hpp>

#include <travel.hpp>

using namespace travel;

void wrong(const kith::Database& db) {
    // [snippet wrong]
    Person& first = db.objects<Person>()[0]; // the QuerySet ends with this line, and its rows with it
    // [/snippet]
}
