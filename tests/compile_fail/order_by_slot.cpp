// EXPECT-GCC: the_lookup_needs_a_column_but_names_a_slot_of(std::string_view) [with Model = Person;
// EXPECT-CLANG: function 'the_lookup_needs_a_column_but_names_a_slot_of<Person>
// EXPECT: "wu_city__name"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().order_by("wu_city__name"); }
