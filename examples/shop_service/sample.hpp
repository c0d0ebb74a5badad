#pragma once

#include <kith/database.hpp>

namespace shop {

/// Creates the tables that do not exist yet.
void create_tables(const kith::Database& db);

/// Fills an empty shop with a few things to sell, and two customers.
void add_sample(const kith::Database& db);

} // namespace shop
