// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = Writer; Text<...auto...> DidYouMean = kith::detail::Text<9>{"biography"}; Text<...auto...> ...Members = {kith::detail::Text<29>{"id, name, biography, hometown"}}
// EXPECT-CLANG: the_lookup_names_no_member_of<Writer, detail::Text<9>{"biography"}, detail::Text<29>{"id, name, biography, hometown"}>
// EXPECT: "biograph"
#include "models.hpp"

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string> biography{};
    kith::ForeignKey<City> hometown{};
};

void use(const kith::Database& db) { db.objects<Writer>().defer("biograph"); }
