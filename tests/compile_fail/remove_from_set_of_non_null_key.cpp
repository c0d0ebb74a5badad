// EXPECT-GCC: {"kith: City::province is not kith::null, so that a City cannot be taken out of this set: delete the row, or add it to another set"}
// EXPECT-CLANG: {"kith: City::province is not "}
// EXPECT-CLANG: {"kith::null, so that a City "}
// EXPECT-CLANG: {"cannot be taken out of this "}
// EXPECT-CLANG: {"set: delete the row, or add it "}
// EXPECT-CLANG: {"to another set"}
#include "models.hpp"

void use(Province& hubei, City& wuhan) { hubei.city_set.remove(wuhan); }
