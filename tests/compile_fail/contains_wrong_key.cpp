// EXPECT-GCC: {"kith: a row of City, a kith::Ref<City> or a key (std::int64_t) is needed here, but this is text"}
// EXPECT-CLANG: {"kith: a row of City, a "}
// EXPECT-CLANG: {"kith::Ref<City> or a key "}
// EXPECT-CLANG: {"(std::int64_t) is needed here, "}
// EXPECT-CLANG: {"but this is text"}
#include "models.hpp"

bool use(Person& zhang) { return zhang.visitation.contains("Wuhan"); }
