// EXPECT-GCC: the_lookup_goes_on_behind_a_generic_foreign_key_or_leads_there_in_sql_of(std::string_view) [with Model = Tag;
// EXPECT-CLANG: function 'the_lookup_goes_on_behind_a_generic_foreign_key_or_leads_there_in_sql_of<Tag>
// EXPECT: "content"
#include "generic.hpp"

void use(const kith::Database& db) { db.objects<Tag>().select_related("content"); }
