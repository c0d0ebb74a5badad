// EXPECT-GCC: {"kith: the result of this aggregate is a value of type std::int64_t, which cannot be compared with text"}
// EXPECT-CLANG: {"kith: the result of this "}
// EXPECT-CLANG: {"aggregate is a value of type "}
// EXPECT-CLANG: {"std::int64_t, which cannot be "}
// EXPECT-CLANG: {"compared with text"}
#include "models.hpp"

void use(const kith::Database& db) {
    db.objects<Person>().group_by<"name">(kith::Count("id"_f), kith::having(kith::Sum("age"_f) > "x"));
}
