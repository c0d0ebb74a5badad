#pragma once

#include <cstdint>

namespace kith {

/// The isolation level of a transaction, in SQL's terms. SQLite is always serializable: read_committed and
/// repeatable_read are a ValueError there.
enum class Isolation : std::uint8_t {
    standard,        ///< the database's default: READ COMMITTED on PostgreSQL, REPEATABLE READ on MariaDB
    read_committed,  ///< each statement sees what was committed before it
    repeatable_read, ///< all statements see the state of the first one
    serializable,    ///< as if the transactions ran one after the other
};

} // namespace kith
