#pragma once

#include <kith/isolation.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>

namespace kith {

/// Options of Database::atomic: `db.atomic([&](kith::Database& tx) { … }, {.read_only = true})`.
struct AtomicOptions {
    /// The isolation of the transaction. A block inside another keeps that of the outer one.
    Isolation isolation{Isolation::standard};
    /// Refuses writes with OperationalError. With Isolation::standard, all statements see one state of the database.
    bool read_only{false};
    /// How long the whole block may take, with the wait for its connection, its COMMIT and all its retries. After that
    /// nothing more runs in it, and it is rolled back with DeadlineExceeded.
    std::optional<std::chrono::milliseconds> deadline{};
    /// Once a stop is requested, nothing more runs in the block, and it is rolled back with Cancelled.
    std::stop_token stop{};
    /// How often the work is run again, from its beginning and in a new transaction, after an error that
    /// is_transient(): the same work may then succeed. Each time Kith waits longer, for a random time. Only a block
    /// with a transaction of its own retries: inside another block, or in the loop of a stream with a snapshot, this
    /// has no effect.
    std::size_t retries{0};
};

} // namespace kith
