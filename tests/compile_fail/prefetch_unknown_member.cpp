// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = City;
// EXPECT-CLANG: function 'the_lookup_names_no_member_of<City
// EXPECT-GCC: Members = {kith::detail::Text<28>{"id, name, province, visitors"}}
// EXPECT-CLANG: Text<28>{"id, name, province, visitors"}
// EXPECT: "visitation__provinc"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().prefetch_related("visitation__provinc"); }
