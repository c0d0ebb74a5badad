// EXPECT-GCC: {"kith: a row of City, a kith::Ref<City> or a key (std::int64_t) is needed here, but this is a row of Province"}
// EXPECT-CLANG: {"kith: a row of City, a "}
// EXPECT-CLANG: {"but this is a row of Province"}
#include "models.hpp"

void use(const kith::Database& db, const std::vector<Province>& provinces) {
    db.objects<Person>().create({.name = "x"}, kith::with("visitation"_f, provinces));
}
