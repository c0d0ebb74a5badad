// EXPECT-GCC: {"kith: Tag::content leads to several models: its Prefetch takes no slot"}
// EXPECT-CLANG: {"kith: Tag::content leads to "}
#include "generic.hpp"

void use(const kith::Database& db) {
    db.objects<Tag>().prefetch_related(kith::Prefetch("content"_f, db.objects<Book>(), "found"_f));
}
