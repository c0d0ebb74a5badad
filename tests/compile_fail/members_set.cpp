// EXPECT-GCC: the_lookup_needs_a_column_but_names_a_set_of(std::string_view) [with Model = City
// EXPECT-CLANG: function 'the_lookup_needs_a_column_but_names_a_set_of<City
// EXPECT: "visitors"
#include "models.hpp"

#include <kith/json.hpp>

const kith::Members<City> editable{"visitors"};
