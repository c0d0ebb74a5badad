#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <string>

/// The models of the tour: plain structs, whose members are columns and relations.
namespace travel {

struct City;
struct Person;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{}; // the other end of City::province
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};             // the column province_id
    kith::ReverseSet<Person, "visitation"> visitors{}; // the other end of Person::visitation
};

struct Person {
    kith::PrimaryKey<> id{};
    std::string firstname{};
    std::string lastname{};
    kith::ForeignKey<City> hometown{};
    kith::ForeignKey<City> living{};
    kith::ManyToMany<City> visitation{}; // the table QSOptimize_person_visitation
    kith::PrefetchedSet<City> wu_city{}; // no column: a place for what a Prefetch finds
    kith::PrefetchedSet<City> zhou_city{};

    static constexpr kith::Table table{.name = "QSOptimize_person", .ordering = {"id"}};
};

/// A row of the table behind Person::visitation, as two plain keys: the quick way to write half a
/// million.
struct Visit {
    kith::Field<std::int64_t, kith::primary_key> person_id{};
    kith::Field<std::int64_t, kith::primary_key> city_id{};

    static constexpr kith::Table table{.name = "QSOptimize_person_visitation"};
};

struct Author {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::max_length<100>> name{};
};

struct Book {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::max_length<100>> title{};
    kith::ForeignKey<Author> author{};
};

} // namespace travel
