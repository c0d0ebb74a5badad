#pragma once

#include "hand/models.hpp"

/// The parts of the workloads' checksums, on any database: the values of a row.
namespace bench::hand {

inline std::uint64_t sum_of_row(const Person& person) {
    return number(person.id) * 3 + length(person.firstname) + length(person.lastname) * 7;
}

inline std::uint64_t sum_of_hometown(const Person& person) {
    const auto sum = number(person.id) * 3 + length(person.firstname) * 7;
    if (person.hometown == nullptr) return sum;
    return sum + number(person.hometown->id) * 5 + length(person.hometown->name);
}

/// For the rows that select_related joins: the hometown and its province.
inline std::uint64_t sum_of_joined(const Person& person) {
    auto sum = number(person.id) * 3;
    if (person.hometown == nullptr) return sum;
    sum += number(person.hometown->id) * 5 + length(person.hometown->name);
    return sum + number(person.hometown->province->id) * 7 + length(person.hometown->province->name);
}

inline std::uint64_t sum_of_visits(const Person& person) {
    std::uint64_t sum = 0;
    for (const auto* city : person.visitation) sum += number(person.id) + number(city->id) * 5 + length(city->name);
    return sum;
}

/// For the visits and the provinces of their cities.
inline std::uint64_t sum_of_travels(const Person& person) {
    std::uint64_t sum = 0;
    for (const auto* city : person.visitation) {
        sum += number(person.id) + number(city->id) * 5;
        sum += number(city->province->id) * 7 + length(city->province->name);
    }
    return sum;
}

inline std::uint64_t sum_of_cities(const Province& province) {
    std::uint64_t sum = 0;
    for (const auto* city : province.cities) {
        sum += number(province.id) * 3 + number(city->id) * 5 + length(city->name);
    }
    return sum;
}

template <class T>
std::uint64_t sum_over(Blocks<T>& rows, std::uint64_t (*sum_of)(const T&)) {
    std::uint64_t sum = 0;
    rows.each([&](const T& row) { sum += sum_of(row); });
    return sum;
}

} // namespace bench::hand
