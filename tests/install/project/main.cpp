// A program outside Kith's tree: what it uses comes from the installed package alone.
#include <kith/kith.hpp>

#include <fmt/core.h>

using namespace kith::literals;

struct City;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
};

int main() {
    kith::Database db = kith::connect("sqlite::memory:");
    db.create_tables<Province, City>();

    auto hubei = db.objects<Province>().create({.name = "Hubei Province"});
    db.objects<City>().create({.name = "Wuhan City", .province = hubei});
    db.objects<City>().create({.name = "Shiyan City", .province = hubei});

    for (City& city : db.objects<City>().order_by("name").prefetch_related("province"))
        fmt::print("{}, {}\n", city.name, city.province->name);
    for (Province& province : db.objects<Province>().prefetch_related("city_set"))
        fmt::print("{}: {} cities\n", province.name, province.city_set.all().size());
}
