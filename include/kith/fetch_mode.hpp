#pragma once

#include <cstdint>

namespace kith {

/// What happens when a relation is read that was not loaded.
enum class FetchMode : std::uint8_t {
    one,   ///< load it for this row: one statement
    peers, ///< load it for every row of the same fetch: one statement for all
    raise, ///< throw FetchBlocked, naming the line to add
};

} // namespace kith
