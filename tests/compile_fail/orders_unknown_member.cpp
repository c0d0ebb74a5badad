// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = Person;
// EXPECT-CLANG: function 'the_lookup_names_no_member_of<Person
// EXPECT: "-nmae"
#include "models.hpp"

#include <kith/filters.hpp>

const kith::Orders<Person> allowed{"age", "-nmae"};
