// EXPECT-GCC: cannot bind non-const lvalue reference of type
// EXPECT-CLANG: non-const lvalue reference to type
// EXPECT-GCC: kith::Ref<Person>
// EXPECT-CLANG: Ref<...>
#include "models.hpp"

void use(const kith::Database& db) {
    auto& person = db.objects<Person>()[0];
    (void)person;
}
