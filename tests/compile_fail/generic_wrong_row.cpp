// EXPECT-GCC: no match for 'operator='
// EXPECT-CLANG: no viable overloaded '='
#include "generic.hpp"

void use(Tag& tag, const kith::Ref<Tag>& other) { tag.content = other; }
