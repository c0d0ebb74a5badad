// EXPECT-GCC: the_lookup_needs_a_relation_but_names_a_column_of(std::string_view) [with Model = City;
// EXPECT-CLANG: function 'the_lookup_needs_a_relation_but_names_a_column_of<City>
// EXPECT: "visitation__name"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related("visitation__name"); }
