// EXPECT-GCC: kith: Province::city_set is the other end of City::provinc, but City has no member of that name; it has id, name, province
// EXPECT-CLANG: kith: Province::city_set is the
#include <kith/kith.hpp>

// [snippet wrong]
struct City;

struct Province {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<City, "provinc"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
};
// [/snippet]

int main() { kith::connect("sqlite::memory:").create_tables<Province, City>(); }
