#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// Models with few columns, so that their statements are short.
namespace atlas {

using namespace kith::literals;

struct City;
struct Person;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> cities{};
    kith::Annotation<std::int64_t> city_count{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province, kith::null> province{};
    kith::ReverseSet<Person, "visited"> visitors{};
    kith::ReverseSet<Person, "home"> residents{};

    static constexpr kith::Table table{.ordering = {"name"}};
};

struct Person {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<City> home{};
    kith::ManyToMany<City> visited{};
    kith::Annotation<std::int64_t> neighbours{};
};

} // namespace atlas
