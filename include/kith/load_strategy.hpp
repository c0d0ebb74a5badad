#pragma once

#include <cstdint>

namespace kith {

/// When the statements of lookups are sent. All strategies give the same rows, from the same state of the database; the
/// order of rows that are equal in it, or have none, is the database's in each.
enum class LoadStrategy : std::uint8_t {
    /// Chooses for each evaluation, by the time that a round trip takes and the number of rows to expect.
    automatic,
    /// Level by level: each statement is given the keys of the rows above, which have arrived.
    levels,
    /// In one round trip, as far as possible: statements are sent without waiting for the rows above, which a subselect
    /// finds again. Databases that take one statement at a time load level by level anyway.
    one_trip,
};

} // namespace kith
