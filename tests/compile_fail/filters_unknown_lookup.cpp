// EXPECT-GCC: the_path_ends_in_no_lookup_that_exists_for_a_column_of(std::string_view) [with Model = Person
// EXPECT-CLANG: function 'the_path_ends_in_no_lookup_that_exists_for_a_column_of<Person>'
// EXPECT: "age__gtr"
#include "models.hpp"

#include <kith/filters.hpp>

const kith::Filters<Person> allowed{"age__gtr"};
