// EXPECT-GCC: {"kith: Tag::content is a generic foreign key, which leads to several models: it can be prefetched by itself, with a Prefetch and a QuerySet for what is to be loaded behind one of them, and takes no part in SQL (in `content__title`)"}
// EXPECT-CLANG: {"kith: Tag::content is a generic "}
// EXPECT-CLANG: {"foreign key, which leads to "}
#include "generic.hpp"

void use(const kith::Database& db) { db.objects<Tag>().filter("content__title"_f = "x"); }
