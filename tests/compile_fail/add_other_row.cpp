// EXPECT-GCC: {"kith: a row of City, a kith::Ref<City> or a key (std::int64_t) is needed here, but this is a row of Province"}
// EXPECT-CLANG: {"kith: a row of City, a "}
// EXPECT-CLANG: {"kith::Ref<City> or a key "}
// EXPECT-CLANG: {"(std::int64_t) is needed here, "}
// EXPECT-CLANG: {"but this is a row of Province"}
#include "models.hpp"

void use(Person& zhang, Province& hubei) { zhang.visitation.add(hubei); }
