#pragma once

#include <cstdint>

namespace kith {

/// The isolation level of a transaction, in SQL's terms. SQLite is always serializable: each of them gives that there,
/// which is more than the others ask for.
enum class Isolation : std::uint8_t {
    standard,        ///< read_committed; repeatable_read if the block is read_only
    read_committed,  ///< each statement sees what was committed before it
    repeatable_read, ///< all statements see the state of the first one
    serializable,    ///< as if the transactions ran one after the other
};

} // namespace kith
