#pragma once

#include <kith/kith.hpp>

namespace travel {

/// The tables of the documents: two provinces, three cities and four people with their visits,
/// under the ids that the documents give them.
void fill_cast(const kith::Database& db);

/// The two books of the first note, by one author.
void fill_first_shelf(const kith::Database& db);
/// The three books of the third note, by three authors, in place of the two.
void fill_second_shelf(const kith::Database& db);

} // namespace travel
