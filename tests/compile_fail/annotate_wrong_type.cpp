// EXPECT-GCC: {"kith: Reader::most holds a std::int64_t and cannot take Max of `visitation__name`"}
// EXPECT-CLANG: {"kith: Reader::most holds a "}
// EXPECT-CLANG: {"std::int64_t and cannot take "}
// EXPECT-CLANG: {"Max of `visitation__name`"}
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("most"_f = kith::Max("visitation__name"_f)); }
