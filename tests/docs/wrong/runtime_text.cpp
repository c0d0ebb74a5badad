// EXPECT: kith: this text is no literal, so it cannot be checked: wrap it in kith::runtime(text)
#include <kith/kith.hpp>

#include <travel.hpp>

#include <string>

using namespace travel;

void wrong(const kith::Database& db, const std::string& name) {
    // [snippet wrong]
    db.objects<Person>().prefetch_related(name);
    // [/snippet]
}
