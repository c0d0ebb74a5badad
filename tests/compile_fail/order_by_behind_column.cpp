// EXPECT-GCC: the_lookup_continues_after_a_column_of(std::string_view) [with Model = City;
// EXPECT-CLANG: function 'the_lookup_continues_after_a_column_of<City>
// EXPECT: "hometown__name__id"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().order_by("hometown__name__id"); }
