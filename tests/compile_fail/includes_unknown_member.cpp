// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = City;
// EXPECT-CLANG: function 'the_lookup_names_no_member_of<City
// EXPECT: "visitation__provinc"
#include "models.hpp"

#include <kith/filters.hpp>

const kith::Includes<Person> allowed{"hometown", "visitation__provinc"};
