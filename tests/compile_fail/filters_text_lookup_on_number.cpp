// EXPECT-GCC: the_path_ends_in_a_lookup_for_other_types_than_this_column_of(std::string_view) [with Model = Person
// EXPECT-CLANG: function 'the_path_ends_in_a_lookup_for_other_types_than_this_column_of<Person>'
// EXPECT: "age__icontains"
#include "models.hpp"

#include <kith/filters.hpp>

const kith::Filters<Person> allowed{"age__icontains"};
