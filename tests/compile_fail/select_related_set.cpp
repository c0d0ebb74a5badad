// EXPECT-GCC: select_related_takes_single_rows_but_the_lookup_names_a_set_of(std::string_view) [with Model = Person;
// EXPECT-CLANG: function 'select_related_takes_single_rows_but_the_lookup_names_a_set_of<Person>
// EXPECT: "visitation"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().select_related("visitation"); }
