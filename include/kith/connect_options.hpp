#pragma once

#include <kith/fetch_mode.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kith {

/// How SQLite is given time stamps: as texts, or as whole numbers of a unit since 1970.
enum class SqliteTimestamps : std::uint8_t { text, seconds, milliseconds, microseconds };
/// How SQLite is given Uuids: as 32 hexadecimal digits, as 36 characters with hyphens, or as 16 bytes.
enum class SqliteUuids : std::uint8_t { digits, hyphenated, bytes };

/// Whether QueryLog, on_query and on_trace are given the values of parameters and key sets, or `<redacted>` in their
/// place.
enum class ParameterValues : std::uint8_t { shown, redacted };

/// Who uses a connection to the server. `transaction`: a pooler before PostgreSQL gives it to others after each
/// transaction, so nothing is left there that outlives one. `session`: nobody else while it is open.
enum class Pooling : std::uint8_t { session, transaction };

/// How a Database opens and shares its connections. Each may also stand in the URL: `sqlite:a.db?busy_timeout=500`.
struct ConnectOptions {
    /// How long a statement waits for another connection's lock.
    std::chrono::milliseconds busy_timeout{5000};
    /// How long a thread waits for a connection when all are in use.
    std::chrono::milliseconds pool_timeout{30000};
    /// Most connections open at a time. `sqlite::memory:` always has one.
    std::size_t pool_size{8};
    /// Prepared statements kept per connection. With Pooling::transaction there are none.
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
    /// How time stamps stand in an SQLite file. What is text is read in any case.
    SqliteTimestamps sqlite_timestamps{SqliteTimestamps::text};
    /// How Uuids stand in an SQLite file. All three forms are read in any case.
    SqliteUuids sqlite_uuids{SqliteUuids::digits};
    /// With `redacted` no value that is sent as a parameter reaches a log or an observer, whatever that one asks for.
    /// What stands in the text of a statement, and what the database itself says in its errors, is not touched.
    ParameterValues parameter_values{ParameterValues::shown};
    /// PostgreSQL only: whether a pooler such as pgbouncer gives connections to others after each transaction.
    Pooling pooling{Pooling::session};
    /// A connection that nobody has used for so long is closed; 0: never. That of `sqlite::memory:` never is.
    std::chrono::milliseconds max_idle{std::chrono::minutes(10)};
    /// A connection that has been open for so long is closed as soon as nobody uses it; 0: never. That of
    /// `sqlite::memory:` never is.
    std::chrono::milliseconds max_lifetime{std::chrono::minutes(30)};
};

} // namespace kith
