#pragma once

#include "client.hpp"
#include "hand/models.hpp"

#include <span>

namespace bench::hand {

/// Inserts people in a transaction, and sets their ids.
void insert_people(Database& db, std::span<Person> people);

} // namespace bench::hand
