// EXPECT-GCC: the_lookup_continues_after_a_generic_foreign_key_or_names_one_in_sql_of(std::string_view) [with Model = Tag;
// EXPECT-CLANG: function 'the_lookup_continues_after_a_generic_foreign_key_or_names_one_in_sql_of<Tag>
// EXPECT: "content__title"
#include "generic.hpp"

void use(const kith::Database& db) { db.objects<Tag>().prefetch_related("content__title"); }
