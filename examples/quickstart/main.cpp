#include <kith/kith.hpp>

#include <fmt/core.h>

struct City;
struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{}; // the other end of City::province
};
struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{}; // a column province_id
};
struct Person {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<City> visitation{}; // a table of pairs between the two
};

int main() {
    auto db = kith::connect("sqlite::memory:");
    db.create_tables<Province, City, Person>();
    auto hubei = db.objects<Province>().create({.name = "Hubei"});
    auto wuhan = db.objects<City>().create({.name = "Wuhan", .province = hubei});
    auto shiyan = db.objects<City>().create({.name = "Shiyan", .province = hubei});
    db.objects<Person>().create({.name = "Zhang San"})->visitation.add(wuhan, shiyan);
    db.objects<Person>().create({.name = "Li Si"})->visitation.add(wuhan);

    kith::QueryLog log(db);
    for (Person& person : db.objects<Person>().prefetch_related("visitation__province"))
        for (City& city : person.visitation.all())
            fmt::print("{} was in {}, {}\n", person.name, city.name, city.province->name);
    fmt::print("{} statements\n", log.size());
}
