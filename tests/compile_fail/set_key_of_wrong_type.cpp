// EXPECT-GCC: {"kith: set_key takes a key of City, but this is text"}
// EXPECT-CLANG: {"kith: set_key takes a key of "}
// EXPECT-CLANG: {"City, but this is text"}
#include "models.hpp"

void use(Person& zhang) { zhang.hometown.set_key("Wuhan"); }
