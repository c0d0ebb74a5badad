#pragma once

#include "kith/models.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// A small world in memory for the micro-benchmarks, made once.
namespace bench::micro {

inline constexpr std::int64_t provinces = 100;
inline constexpr std::int64_t cities = 2'000;
inline constexpr std::int64_t people = 10'000;

inline kith::Database make_world() {
    auto db = kith::connect("sqlite::memory:");
    db.create_tables<Province, City, Person>();
    std::vector<Province> all_provinces(static_cast<std::size_t>(provinces));
    for (auto& province : all_provinces) province.name = "Hubei Province";
    db.objects<Province>().bulk_create(all_provinces);
    // Multiplying by a prime scatters the keys without a source of randomness.
    std::vector<City> all_cities(static_cast<std::size_t>(cities));
    for (std::int64_t i = 0; i < cities; ++i) {
        auto& city = all_cities[static_cast<std::size_t>(i)];
        city.name = "Wuhan City";
        city.province.set_key(1 + i * 7919 % provinces);
    }
    db.objects<City>().bulk_create(all_cities);
    std::vector<Person> all_people(static_cast<std::size_t>(people));
    for (std::int64_t i = 0; i < people; ++i) {
        auto& person = all_people[static_cast<std::size_t>(i)];
        person.firstname = "San";
        person.lastname = "Zhang";
        person.hometown.set_key(1 + i * 7919 % cities);
    }
    for (const auto& person : db.objects<Person>().bulk_create(all_people)) {
        if (person->id <= people / 100) person->visitation.add(person->id * 7919 % cities + 1);
    }
    return db;
}

inline const kith::Database& world() {
    static const auto made = make_world();
    return made;
}

} // namespace bench::micro
