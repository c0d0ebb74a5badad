// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = City;
// EXPECT-CLANG: function 'the_lookup_names_no_member_of<City
// EXPECT: "nmae"
#include "models.hpp"

#include <kith/json.hpp>

const kith::Members<City> editable{"nmae"};
