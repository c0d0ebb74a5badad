#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The numbers of the workloads, which are the same for all variants; bench/README.md states them in words.
namespace bench {

inline constexpr std::size_t stream_chunk = 2000; // W5

// W8: small loads of ten people each.
inline constexpr std::int64_t small_people = 10;
inline constexpr std::int64_t small_times = 2000;
inline constexpr std::int64_t small_warm_up = 50;
inline constexpr std::int64_t small_checked = 300;

/// The first id of small load `i` where there are `people` people.
inline std::int64_t small_first(std::int64_t i, std::int64_t people) {
    const auto places = std::min<std::int64_t>(9000, people * 9 / 100);
    return small_people * (i * 37 % places) + 1;
}

// W9
inline constexpr std::int64_t new_people = 100'000;
inline std::string new_firstname(std::int64_t i) { return "First" + std::to_string(i); }
inline std::string new_lastname(std::int64_t i) { return "Last" + std::to_string(i); }
inline std::int64_t new_hometown(std::int64_t i) { return 1 + i * 7919 % 20'000; }

/// The new people as plain structs.
template <class Person>
std::vector<Person> make_people() {
    std::vector<Person> people(static_cast<std::size_t>(new_people));
    for (std::int64_t i = 0; i < new_people; ++i) {
        auto& person = people[static_cast<std::size_t>(i)];
        person.firstname = new_firstname(i);
        person.lastname = new_lastname(i);
        person.hometown_id = new_hometown(i);
    }
    return people;
}

// W11
inline constexpr std::int64_t travellers = 5;
inline constexpr std::int64_t all_cities = 20'000;

// W12
inline std::string changed_firstname(std::int64_t id) { return "Changed" + std::to_string(id); }

} // namespace bench
