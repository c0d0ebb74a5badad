#pragma once

#include <cstdint>

namespace kith {

/// What reading a relation or Lazy column that was not loaded does.
enum class FetchMode : std::uint8_t {
    one,   ///< loads it for this row: one statement
    peers, ///< loads it for all rows that were fetched together, at most 20,000: one statement for all
    raise, ///< throws FetchBlocked, which names the line to add
};

} // namespace kith
