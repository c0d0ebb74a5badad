#pragma once

#include "backend/catalog.hpp"
#include "base/bound.hpp"
#include "sql/dialect.hpp"
#include "sql/kept_selects.hpp"
#include "sql/kept_updates.hpp"
#include "sql/row_plan.hpp"
#include "sql/statement.hpp"

#include <kith/backend.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value_access.hpp>
#include <kith/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a database must offer. A backend is a connection, a dialect and a mapping of errors; nothing more.
namespace kith::backend {

using detail::ColumnType;
using detail::FieldInfo;
using detail::Value;
using sql::ColumnSlot;

/// Inside a transaction, a prepared statement turned out to be outdated: its table was altered, or it no longer exists.
/// The work succeeds if it is started again from the beginning.
class StatementOutdated : public OperationalError {
public:
    using OperationalError::OperationalError;
};

/// Keeps keys that do not fit into a RelationState; implemented by the segment of the rows.
class KeyStore {
public:
    virtual ~KeyStore() = default;
    virtual const Value* keep(Value key) = 0;
};

/// Provides the rows that a RowLoop fills: constructed and resident, each provided once. Asked for a row only when the
/// cursor is on the result row for it.
class RowSink {
public:
    virtual ~RowSink() = default;
    virtual void* next_row() = 0;
};

/// Reads many rows in one call.
class RowLoop {
public:
    virtual ~RowLoop() = default;
    /// Like next() and read() of a Cursor, repeated until `count` is `most` or the rows end; false at the end. `count`
    /// is right even if this throws.
    virtual bool read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys,
                           std::size_t most, std::size_t& count) = 0;
    /// The integers in the first `columns` columns of the rows that follow, row after row: as many rows as fit into
    /// `cells`; false if the data end before that. `count` is the number of rows read, also if this throws. Throws as
    /// next() and integer() of a Cursor do.
    virtual bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) = 0;
    /// Whether the statement itself has failed, rather than the conversion of its rows.
    virtual bool has_failed() const = 0;
};

/// A running statement. Every failure throws; the end of the data is only ever the end of the data. A statement that
/// writes and returns rows (RETURNING) must be read until next() returns false: only then is it known to have
/// succeeded.
class Cursor {
public:
    virtual ~Cursor() = default;
    /// The next one in a list of cursors that wait to be destroyed: joining it needs no memory.
    std::unique_ptr<Cursor> parked_behind{};
    /// Moves to the next row; false at the end.
    virtual bool next() = 0;
    /// Decodes columns `first`, `first + 1`, … of the current row into the constructed resident row at `row`. Throws
    /// DatabaseError naming model and field for NULL in a member that cannot hold it, a number out of the field's
    /// range, text instead of a number, or a malformed date, Uuid or Decimal.
    virtual void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) = 0;
    /// Passes over the rows whose cell in `column` is no integer. To be called before the first row is read, and only
    /// for a column that holds_integers().
    virtual void keep_integers(int column) = 0;
    /// Whoever reads the rows stops with an error at the row that is the first beyond `rows`, or with which they have
    /// more than `bytes`; 0 means no limit. What comes behind that row need not be kept in memory.
    virtual void keep_at_most([[maybe_unused]] std::size_t rows, [[maybe_unused]] std::size_t bytes) {}
    /// The rows that follow are not wanted: where many may still arrive, the statement is cancelled at the server. If
    /// `may_fail`, that may make the server undo the transaction, unless it has written. Nothing may be read after it.
    virtual void stop([[maybe_unused]] bool may_fail) noexcept {}
    /// The names of the result's columns; available before the first row.
    virtual std::vector<std::string> column_names() = 0;
    virtual bool is_null(int column) = 0;
    virtual std::int64_t integer(int column) = 0;
    /// Integers are returned as std::int64_t, and as std::uint64_t beyond 2^63 - 1 (detail::integer_value); NULL as an
    /// empty Value. `field` names the column in messages; may be null.
    virtual Value value(int column, ColumnType type, const FieldInfo* field) = 0;
    /// The bytes of all values of the current row, as QueryLog::Entry::bytes counts them. Called only for observers.
    virtual std::size_t row_bytes() = 0;
    /// The fast path for many rows, if the database has one; else null.
    virtual RowLoop* row_loop() { return nullptr; }
};

/// How long rows that are not wanted may arrive before they are stopped: a short rest costs less than a cancel.
inline constexpr std::chrono::milliseconds longest_rest{5};

/// What keep_at_most() of a Cursor asks for.
struct MostKept {
    std::size_t rows{0};
    std::size_t bytes{0};

    /// Whether whoever has read so many rows has stopped.
    bool is_beyond(std::size_t read_rows, std::size_t read_bytes) const noexcept {
        return (rows != 0 && read_rows > rows) || (bytes != 0 && read_bytes > bytes);
    }
};

/// A key of `field`, which holds integers, in the form of detail::integer_bits.
inline std::int64_t integer_key(Cursor& cursor, int column, const FieldInfo& field) {
    if (field.type != ColumnType::uint64) return cursor.integer(column);
    return detail::integer_bits(cursor.value(column, field.type, &field));
}

/// Statements sent before the results of the statements ahead of them arrive, in one round trip.
class Pipeline {
public:
    virtual ~Pipeline() = default;
    /// Sends statements that return rows and, with `commit`, the end of the transaction behind them. A failure of one
    /// is thrown by its own cursor, and makes those behind it fail too. The cursors are best read in their order;
    /// anything else that the connection does before that waits for all of them and keeps their rows in memory.
    virtual std::vector<std::unique_ptr<Cursor>> query_all(std::span<const sql::Statement* const> statements,
                                                           bool commit) = 0;
    /// The next statement of the connection is the last one of the transaction: COMMIT is sent behind it, and does not
    /// run if that statement fails or cannot be sent.
    virtual void commit_with_next() = 0;
    /// To be called after query_all() with `commit`, and after the statement that follows commit_with_next(): waits for
    /// the end of the transaction. Throws what COMMIT throws. False if there was no COMMIT, because none was sent or a
    /// statement before it failed: then the transaction is still open.
    virtual bool finish_commit() = 0;
};

/// Whether a violated foreign key is one of other rows, which refer to a row that `statement` removes or whose key it
/// changes.
inline bool is_referred_to(const sql::Statement& statement, const ErrorContext& violated) {
    const bool changes = statement.text.starts_with("UPDATE") && violated.table != statement.table;
    return violated.violation == Violation::foreign_key && (statement.text.starts_with("DELETE") || changes);
}

/// One connection, used by one thread at a time.
class Connection {
public:
    virtual ~Connection() = default;
    /// Its number in the order in which the connections of a Database were opened, counted from 1; set by the pool.
    std::uint32_t number{0};
    /// When it was opened.
    const std::chrono::steady_clock::time_point opened{std::chrono::steady_clock::now()};
    /// The statements that its loads are made of.
    sql::KeptSelects selects{};
    /// The statements that save rows.
    sql::KeptUpdates updates{};
    virtual const sql::Dialect& dialect() const = 0;
    /// Prepares (or takes from the cache), binds and starts a statement that returns rows.
    virtual std::unique_ptr<Cursor> query(const sql::Statement& statement) = 0;
    /// As query(), for a statement that is read slowly while others run beside it: rows arrive in batches of about
    /// `batch`, and only one batch is in memory at once.
    virtual std::unique_ptr<Cursor> stream(const sql::Statement& statement, std::size_t batch) = 0;
    /// Whether stream() keeps one batch in memory only inside a transaction.
    virtual bool streams_need_transaction() const { return false; }
    /// The way to send several statements together, if the database has one; else null. Only for use in a transaction.
    virtual Pipeline* pipeline() { return nullptr; }
    /// The shortest time that a statement sent alone has taken lately: an upper bound on that of a round trip. 0 if
    /// none has run, and without a server.
    virtual std::chrono::nanoseconds round_trip() const { return {}; }
    /// Whether the column compares all its values as numbers, and those that are integers are read as such: then
    /// BETWEEN finds the rows that a key in its range finds. May query the database, which does not count as a
    /// statement.
    virtual bool holds_integers(const sql::KeyColumn& column) = 0;
    /// Whether an INSERT into the table of the column inserts every row that it is given, or fails: no trigger can
    /// leave one out. May query the database, which does not count as a statement.
    virtual bool inserts_every_row(const sql::KeyColumn&) { return false; }
    /// The unique keys of a table, the primary key included. Only where the dialect does not names_conflicts(). May
    /// query the database, which does not count as a statement.
    virtual std::vector<UniqueKey> unique_keys(const detail::ModelInfo&) { return {}; }
    /// Runs a statement to its end. Returns the number of rows it changed.
    virtual std::int64_t execute(const sql::Statement& statement) = 0;
    /// Whether insert() returns the keys that the database gives to new rows in this column. May query the database,
    /// which does not count as a statement.
    virtual bool returns_new_keys(const FieldInfo&) { return false; }
    /// Runs an INSERT of `rows` rows without RETURNING. Returns their keys in the order of the rows, fewer if fewer
    /// were inserted. Only for a table for whose key returns_new_keys() is true.
    virtual std::vector<std::int64_t> insert(const sql::Statement& statement, [[maybe_unused]] std::size_t rows) {
        throw DatabaseError("This database returns new keys by RETURNING alone", {.sql = statement.text});
    }
    /// Whether copy() can insert rows of these columns of a table, with the effect of an INSERT. May query the
    /// database, which does not count as a statement.
    virtual bool copies(std::span<const FieldInfo* const>) { return false; }
    /// Runs a statement of sql::copy_rows(), for columns for which copies() is true. Returns the number of new rows.
    virtual std::int64_t copy(const sql::Statement& statement) { return execute(statement); }
    /// Adds what the database tells only when it is asked about the constraint that `statement` violated. May query the
    /// database, which does not count as a statement.
    virtual void describe_violation(const sql::Statement&, [[maybe_unused]] ErrorContext& violated) {}
    /// Transaction control and settings: does not count as a statement.
    virtual void control(std::string_view text) = 0;
    /// Whether a transaction is open, as the database itself sees it: it may have rolled back on its own.
    virtual bool in_transaction() const = 0;
    /// Refuses, or allows again, everything that would change the database. Called inside a transaction; what was
    /// forbidden in a savepoint is allowed again after a rollback to it.
    virtual void forbid_writes(bool on) = 0;
    /// The tables and views that statements reach without naming a schema. Does not count as a statement.
    virtual Catalog catalog() = 0;
    /// From now on, whatever waits for the database ends when `bound` is over, by DeadlineExceeded or Cancelled: the
    /// statement is cancelled. Afterwards the connection works, or is not usable(). Null, as at the beginning: nothing
    /// bounds it. `bound` must live until the next call.
    void watch(const base::Bound* bound) noexcept {
        bound_ = bound;
        bound_changed();
    }
    const base::Bound* bound() const noexcept { return bound_; }
    /// False if the connection must not be used again.
    virtual bool usable() const = 0;
    /// Checks, without a round trip, whether an idle connection was closed by the other end.
    virtual bool alive() = 0;

private:
    virtual void bound_changed() noexcept = 0;

    const base::Bound* bound_{nullptr};
};

/// The location of a database, for traces.
struct ServerAddress {
    std::string system{};   ///< the name that OpenTelemetry uses
    std::string database{}; ///< its name on the server, or the path of its file; empty if the client library chooses
    std::string address{};  ///< of the server: a host, or the path of a socket; empty if the client library chooses
    std::uint16_t port{0};  ///< 0 for the default port of such servers
};

/// The database that a URL names, for many threads at once.
class Driver {
public:
    virtual ~Driver() = default;
    /// Opens a connection, within `bound` if that is not null, which the connection watches then. Throws
    /// OperationalError naming the database and the remedy.
    virtual std::unique_ptr<Connection> open(const base::Bound* bound) = 0;
    virtual const sql::Dialect& dialect() const = 0;
    virtual Backend kind() const noexcept = 0;
    virtual ServerAddress server_address() const = 0;
    /// The name of the database in messages; never contains a password.
    virtual const std::string& name() const = 0;
    /// Whether the database lives in its one connection, which must therefore never be closed.
    virtual bool single_connection() const = 0;
};

} // namespace kith::backend
