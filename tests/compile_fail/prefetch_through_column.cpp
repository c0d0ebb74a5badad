// EXPECT-GCC: the_lookup_needs_a_relation_but_names_a_column_of(std::string_view) [with Model = Person;
// EXPECT-CLANG: function 'the_lookup_needs_a_relation_but_names_a_column_of<Person>
// EXPECT: "name__visitation"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related("hometown", "name__visitation"); }
