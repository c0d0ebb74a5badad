#pragma once

#include <cstdint>

namespace kith {

/// When the statements of lookups are sent. All strategies give the same rows, in the same order, from the same state
/// of the database.
enum class LoadStrategy : std::uint8_t {
    /// Chooses for each evaluation, by the time that a round trip takes and the number of rows to expect.
    automatic,
    /// Level by level: each statement is given the keys of the rows above, which have arrived.
    levels,
    /// In one round trip, as far as possible: the statement of a lookup selects the rows above once more, as a
    /// subselect,
    /// and is sent without waiting for them. Databases that take one statement at a time load level by level anyway.
    one_trip,
};

} // namespace kith
