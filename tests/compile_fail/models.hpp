#pragma once

#include <kith/kith.hpp>

using namespace kith::literals;

struct City;
struct Person;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
    kith::ReverseSet<Person, "visitation"> visitors{};
};

struct Person {
    kith::PrimaryKey<> id{};
    std::string name{};
    bool active{};
    std::int32_t age{};
    kith::Date born{};
    kith::ForeignKey<City> hometown{};
    kith::ForeignKey<Person, kith::null> mentor{};
    kith::ManyToMany<City> visitation{};
    kith::PrefetchedSet<City> wu_city{};
    kith::PrefetchedSet<Province> provinces{};
    kith::PrefetchedOne<City> home{};
};
