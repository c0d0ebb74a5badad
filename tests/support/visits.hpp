#pragma once

#include "support/travel.hpp"

#include <cstddef>

namespace travel {

/// People, with a lookup of two steps.
inline kith::QuerySet<Person> people_with_visits(const kith::Database& db) {
    return db.objects<Person>().prefetch_related("visitation__province");
}

/// What people_with_visits() leads to: the number of visits.
inline std::size_t visits(const kith::QuerySet<Person>& all) {
    std::size_t found = 0;
    for (const Person& person : all) {
        for (const City& city : person.visitation.all()) found += city.province->name.empty() ? 0 : 1;
    }
    return found;
}

} // namespace travel
