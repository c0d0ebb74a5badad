// EXPECT-GCC: kith: City has no primary key: add kith::PrimaryKey<> id{}; to it, or say .read_only = true in its kith::Table
// EXPECT-CLANG: kith: City has no primary key:
#include <kith/kith.hpp>

// [snippet wrong]
struct City {
    std::string name{};
};
// [/snippet]

int main() { kith::connect("sqlite::memory:").create_tables<City>(); }
