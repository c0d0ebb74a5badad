// EXPECT-GCC: {"kith: Reader::visits holds a std::int64_t and cannot take a computed value of type std::string"}
// EXPECT-CLANG: {"kith: Reader::visits holds a "}
// EXPECT-CLANG: {"std::int64_t and cannot take a "}
// EXPECT-CLANG: {"computed value of type "}
// EXPECT-CLANG: {"std::string"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = kith::Lower("name"_f)); }
