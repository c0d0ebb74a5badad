#pragma once

#include <kith/isolation.hpp>

namespace kith {

/// Options of Database::atomic: `db.atomic([&](kith::Database& tx) { … }, {.read_only = true})`.
struct AtomicOptions {
    /// The isolation of the transaction. A block inside another keeps that of the outer one.
    Isolation isolation{Isolation::standard};
    /// Refuses writes with OperationalError. With Isolation::standard, all statements see one state of the database.
    bool read_only{false};
};

} // namespace kith
