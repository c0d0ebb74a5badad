// EXPECT: kith: City::names is of type std::vector<int>
#include <vector>

#include <kith/kith.hpp>

// [snippet wrong]
struct City {
    kith::PrimaryKey<> id{};
    std::vector<int> names{};
};
// [/snippet]

int main() { kith::connect("sqlite::memory:").create_tables<City>(); }
