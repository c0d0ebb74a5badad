// EXPECT-GCC: no match for call to
// EXPECT-CLANG: no matching function for call to object of type
// EXPECT: sort
#include "models.hpp"

#include <algorithm>

void use(const kith::Database& db) {
    auto people = db.objects<Person>();
    std::ranges::sort(people, {}, &Person::name);
}
