#pragma once

#include <kith/fetch_mode.hpp>
#include <kith/limits.hpp>
#include <kith/load_strategy.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kith {

/// How time stamps are stored in SQLite. The default is Django's form.
enum class SqliteTimestamps : std::uint8_t {
    text,         ///< `2024-02-29 12:30:00`, in UTC
    seconds,      ///< an integer: seconds since 1970 in UTC
    milliseconds, ///< an integer: milliseconds since 1970 in UTC
    microseconds, ///< an integer: microseconds since 1970 in UTC
};
/// How Uuids are stored in SQLite. The default is Django's form.
enum class SqliteUuids : std::uint8_t {
    digits,     ///< 32 hexadecimal digits
    hyphenated, ///< 36 characters: hexadecimal digits with hyphens
    bytes,      ///< 16 bytes
};

/// Whether observers receive the values of parameters and key sets.
enum class ParameterValues : std::uint8_t {
    shown,    ///< the values as text
    redacted, ///< `<redacted>` for each value, `<3 redacted keys>` for a key set
};

/// How long a connection to a PostgreSQL server belongs to one client.
enum class Pooling : std::uint8_t {
    session,     ///< while it is open
    transaction, ///< for one transaction: a pooler then passes it on, so Kith leaves nothing in its session
};

/// How a Database opens and shares its connections. The URL may set each option, and wins:
/// `sqlite:a.db?busy_timeout=500`.
struct ConnectOptions {
    /// How long a statement waits for a lock of another connection. MariaDB rounds up to whole seconds.
    std::chrono::milliseconds busy_timeout{5000};
    /// How long a thread waits for a connection when all are in use. After that it gets an OperationalError.
    std::chrono::milliseconds pool_timeout{30000};
    /// Maximum number of open connections, at least 1. `sqlite::memory:` always has one.
    std::size_t pool_size{8};
    /// Number of prepared statements kept for each connection; 0 keeps none. Pooling::transaction keeps none either.
    std::size_t statement_cache{128};
    /// SQLite only: switches the file's journal to WAL. Files that Kith creates have WAL; existing files are left as
    /// they are unless this is set, because the change is permanent.
    bool wal{false};
    /// Opens an existing SQLite file for reading only; connections to a server refuse writes.
    bool read_only{false};
    /// SQLite only: the file may come from a stranger. Its views, triggers, CHECKs, generated columns and indexes can
    /// then do no more than compute, within limits, and damaged pages are found when they are read (docs/limits.md).
    bool untrusted{false};
    /// Number of keys above which a many-to-many takes two statements: the pairs shape (docs/prefetching.md).
    std::size_t pairs_threshold{1000};
    /// What reading a relation or Lazy column that was not loaded does, unless the QuerySet sets a mode.
    FetchMode fetch_mode{FetchMode::one};
    /// When the statements of lookups are sent, unless the QuerySet sets a strategy.
    LoadStrategy load_strategy{LoadStrategy::automatic};
    /// SQLite only: how time stamps are written. Texts are read in any case.
    SqliteTimestamps sqlite_timestamps{SqliteTimestamps::text};
    /// SQLite only: how Uuids are written. All three forms are read in any case.
    SqliteUuids sqlite_uuids{SqliteUuids::digits};
    /// `redacted` hides the values of parameters from all logs and observers, whatever these ask for. The text of a
    /// statement and the database's own error texts are still shown.
    ParameterValues parameter_values{ParameterValues::shown};
    /// PostgreSQL only: `transaction` if a pooler such as pgbouncer reassigns connections after each transaction.
    Pooling pooling{Pooling::session};
    /// A connection that has been idle for this long is closed; 0: never. That of `sqlite::memory:` stays open.
    std::chrono::milliseconds max_idle{std::chrono::minutes(10)};
    /// A connection that has been open for this long is closed as soon as it is not in use; 0: never. That of
    /// `sqlite::memory:` stays open.
    std::chrono::milliseconds max_lifetime{std::chrono::minutes(30)};
    /// How much each call may load: QuerySet::limits for all of them, which can only lower it. In a URL: max_rows,
    /// max_related_rows, max_bytes and max_statements.
    Limits limits{};
    /// Maximum number of relations in a path that is given at run time (kith::runtime), for programs that take paths
    /// from outside. A longer one is a FieldError.
    std::size_t max_lookup_depth{16};
    /// Maximum number of relations that one QuerySet loads by lookups given at run time. More are a FieldError.
    std::size_t max_lookups{200};
};

} // namespace kith
