// EXPECT-GCC: error: call to non-'constexpr' function 'void kith::wrong_lookup::the_lookup_names_no_member_of(std::string_view) [with Model = Person;
// EXPECT-GCC: DidYouMean = kith::detail::Text<4>{"name"}
// EXPECT-CLANG: Text<4>{"name"}
// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = Person;
// EXPECT-CLANG: function 'the_lookup_names_no_member_of<Person
// EXPECT-GCC: Members = {kith::detail::Text<83>{"id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}}
// EXPECT-CLANG: Text<29>{"id, name, active, age, born, "}
// EXPECT-CLANG: Text<30>{"hometown, mentor, visitation, "}
// EXPECT-CLANG: Text<24>{"wu_city, provinces, home"}
// EXPECT: "-nmae"
#include "models.hpp"

void use(const kith::Database& db) { db.objects<Person>().order_by("-nmae"); }
