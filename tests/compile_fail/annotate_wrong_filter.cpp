// EXPECT-GCC: {"kith: City::name is a column of type std::string; `visitation__name` cannot be compared with an integer"}
// EXPECT-CLANG: {"kith: City::name is a column of "}
// EXPECT-CLANG: {"type std::string; "}
// EXPECT-CLANG: {"`visitation__name` cannot be "}
// EXPECT-CLANG: {"compared with an integer"}
#include "annotated.hpp"

void use(const kith::Database& db) {
    db.objects<Reader>().annotate("visits"_f = kith::Count("visitation"_f).filter("visitation__name"_f = 3));
}
