// EXPECT-GCC: only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of(std::string_view) [with Model = Writer;
// EXPECT-CLANG: function 'only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of<Writer>
// EXPECT: "hometown"
#include "models.hpp"

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string> biography{};
    kith::ForeignKey<City> hometown{};
};

void use(const kith::Database& db) { db.objects<Writer>().only("hometown"); }
