#pragma once

#include <kith/isolation.hpp>

namespace kith {

/// `db.atomic([&](kith::Database& tx) { … }, {.read_only = true})`.
struct AtomicOptions {
    Isolation isolation{Isolation::standard}; ///< SQLite is always serializable
    bool read_only{false};                    ///< writing is refused; all statements see one state of the database
};

} // namespace kith
