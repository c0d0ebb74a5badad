// EXPECT-GCC: kith: City::names is of type std::vector<int>, which is no column; columns are bool, integers, float, double, std::string, std::vector<std::byte>, kith::Date, kith::Timestamp, kith::LocalTimestamp, kith::Uuid, kith::Decimal, kith::Json, enums, and std::optional of these
// EXPECT-CLANG: kith: City::names is of type
#include <kith/kith.hpp>

#include <vector>

// [snippet wrong]
struct City {
    kith::PrimaryKey<> id{};
    std::vector<int> names{};
};
// [/snippet]

int main() { kith::connect("sqlite::memory:").create_tables<City>(); }
