// EXPECT-GCC: {"kith: the Prefetch of `content` was given a QuerySet of Tag, which Tag::content does not lead to"}
// EXPECT-CLANG: {"kith: the Prefetch of `content` "}
// EXPECT-CLANG: {"was given a QuerySet of Tag, "}
#include "generic.hpp"

void use(const kith::Database& db) {
    db.objects<Tag>().prefetch_related(kith::Prefetch("content"_f, db.objects<Tag>()));
}
