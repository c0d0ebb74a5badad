#pragma once

#include <kith/fetch_mode.hpp>

#include <chrono>
#include <cstddef>

namespace kith {

/// How a Database opens and shares its connections. Each may also stand in the URL: `sqlite:a.db?busy_timeout=500`.
struct ConnectOptions {
    /// How long a statement waits for another connection's lock.
    std::chrono::milliseconds busy_timeout{5000};
    /// How long a thread waits for a connection when all are in use.
    std::chrono::milliseconds pool_timeout{30000};
    /// Most connections open at a time. `sqlite::memory:` always has one.
    std::size_t pool_size{8};
    /// Prepared statements kept per connection.
    std::size_t statement_cache{128};
    /// Turns the file's journal to WAL. Files that Kith creates are WAL; existing ones are left as they are unless this
    /// is set, because it changes them for good.
    bool wal{false};
    /// Opens an existing file for reading only.
    bool read_only{false};
    /// Parents beyond which a many-to-many is fetched in pairs shape (docs/performance.md).
    std::size_t pairs_threshold{1000};
    /// What happens when a relation is read that was not loaded.
    FetchMode fetch_mode{FetchMode::one};
};

} // namespace kith
