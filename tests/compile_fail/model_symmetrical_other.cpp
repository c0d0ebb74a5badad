// EXPECT-GCC: {"kith: Person::cities cannot be kith::symmetrical: that is for a kith::ManyToMany<Person> without kith::through"}
// EXPECT-CLANG: {"kith: Person::cities cannot be "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct City {
    kith::PrimaryKey<> id{};
};
struct Person {
    kith::PrimaryKey<> id{};
    kith::ManyToMany<City, kith::symmetrical> cities{};
};

void use(const kith::Database& db) { db.objects<Person>(); }
