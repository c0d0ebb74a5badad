// EXPECT-GCC: use of deleted function
// EXPECT-CLANG: is implicitly deleted
#include "models.hpp"

void use(const kith::Database& db) {
    auto people = db.objects<Person>();
    people[0] = people[1];
}
