#pragma once

#include "backend/catalog.hpp"
#include "sql/dialect.hpp"
#include "sql/row_plan.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/model_info.hpp>
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

/// Inside a transaction, a prepared statement turned out to be outdated: a table was altered behind it, or it is gone.
/// Started again from the beginning, the work succeeds.
class StatementOutdated : public OperationalError {
public:
    using OperationalError::OperationalError;
};

/// Keeps keys that do not fit into a RelationState; given by the segment that the rows lie in.
class KeyStore {
public:
    virtual ~KeyStore() = default;
    virtual const Value* keep(Value key) = 0;
};

/// Where rows come from that are read many at a time: constructed and resident, each given once. Asked for
/// a row when the cursor stands on the one that goes there.
class RowSink {
public:
    virtual ~RowSink() = default;
    virtual void* next_row() = 0;
};

/// Reads rows without coming back to its caller for each.
class RowLoop {
public:
    virtual ~RowLoop() = default;
    /// As next() and read() of a Cursor, again and again until `count` is `most` or the rows are at their end: then it
    /// gives false. `count` is right also when this throws.
    virtual bool read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys,
                           std::size_t most, std::size_t& count) = 0;
    /// The whole numbers in the first `columns` columns of the rows that follow, one row behind the other: as many rows
    /// as fit into `cells`, or false when the data end before. `count` is the number of rows that came, also when this
    /// throws, as next() and integer() of a Cursor do.
    virtual bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) = 0;
    /// Whether the statement itself has failed, rather than what was to be made of its rows.
    virtual bool has_failed() const = 0;
};

/// A running statement. Every failure throws; the end of the data is only ever the end of the data. One that writes and
/// gives rows (RETURNING) has to be read until next() gives false: only then is it known to have succeeded.
class Cursor {
public:
    virtual ~Cursor() = default;
    /// Moves to the next row; false at the end.
    virtual bool next() = 0;
    /// Decodes columns `first`, `first + 1`, … of the current row into the constructed resident row at `row`.
    /// Throws DatabaseError naming model and field for NULL in a column that cannot be, a number out of the field's
    /// range, text where a number belongs, or a malformed date, Uuid or Decimal.
    virtual void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) = 0;
    /// The names of the result's columns, also before the first row.
    virtual std::vector<std::string> column_names() = 0;
    virtual bool is_null(int column) = 0;
    virtual std::int64_t integer(int column) = 0;
    /// Integers come as std::int64_t, and as std::uint64_t beyond 2^63 - 1 (detail::integer_value); NULL as an empty
    /// Value. `field` names the column in messages; may be null.
    virtual Value value(int column, ColumnType type, const FieldInfo* field) = 0;
    /// The bytes of all values of the current row, as QueryLog::Entry::bytes counts them. Asked for
    /// observers alone.
    virtual std::size_t row_bytes() = 0;
    /// The quick way to many rows, where the database has one; else null.
    virtual RowLoop* row_loop() { return nullptr; }
};

/// A key of `field`, which holds whole numbers, as detail::integer_bits gives it.
inline std::int64_t integer_key(Cursor& cursor, int column, const FieldInfo& field) {
    if (field.type != ColumnType::uint64) return cursor.integer(column);
    return detail::integer_bits(cursor.value(column, field.type, &field));
}

/// Statements sent ahead of the answers to those before them, in one round trip.
class Pipeline {
public:
    virtual ~Pipeline() = default;
    /// Sends statements that give rows and, with `commit`, the end of the transaction behind them. A failure of one
    /// shows in its own cursor, and makes those behind it fail too. The cursors are best read in their order; whatever
    /// the connection does before that waits for all of them, and keeps what they give in memory.
    virtual std::vector<std::unique_ptr<Cursor>> query_all(std::span<const sql::Statement* const> statements,
                                                           bool commit) = 0;
    /// To be called after query_all() with `commit`: waits for the end of the transaction. Throws what COMMIT throws;
    /// when a statement before it had failed, the transaction is still open.
    virtual void finish_commit() = 0;
};

/// One connection, used by one thread at a time.
class Connection {
public:
    virtual ~Connection() = default;
    /// Its place in the order in which the connections of a Database opened, counted from 1; set by the pool.
    std::uint32_t number{0};
    /// When it was opened.
    const std::chrono::steady_clock::time_point opened{std::chrono::steady_clock::now()};
    virtual const sql::Dialect& dialect() const = 0;
    /// Prepares (or takes from the cache), binds and starts a statement that gives rows.
    virtual std::unique_ptr<Cursor> query(const sql::Statement& statement) = 0;
    /// As query(), for a statement that is read slowly while others run beside it: rows come in batches of about
    /// `batch`, and only one batch is in memory at a time.
    virtual std::unique_ptr<Cursor> stream(const sql::Statement& statement, std::size_t batch) = 0;
    /// Whether stream() keeps one batch in memory inside a transaction alone.
    virtual bool streams_need_transaction() const { return false; }
    /// The way to several statements at a time, where the database has one; else null. Only for use in a transaction.
    virtual Pipeline* pipeline() { return nullptr; }
    /// Runs a statement to its end. Gives the number of rows it changed.
    virtual std::int64_t execute(const sql::Statement& statement) = 0;
    /// Transaction control and settings: not a statement in the sense of the counts.
    virtual void control(std::string_view text) = 0;
    /// Whether a transaction is open, as the database itself sees it: it may have rolled back on its own.
    virtual bool in_transaction() const = 0;
    /// Refuses, or allows again, whatever would change the database. Called inside a transaction; what was forbidden in
    /// a savepoint is allowed again after a rollback to it.
    virtual void forbid_writes(bool on) = 0;
    /// The tables and views that statements reach without naming a schema. Not a statement in the sense of the counts.
    virtual Catalog catalog() = 0;
    /// False once the connection cannot be used again.
    virtual bool usable() const = 0;
    /// Looks, without a round trip, whether an idle connection was closed from the other end.
    virtual bool alive() = 0;
};

/// Where a database is, for traces.
struct ServerAddress {
    std::string system{};   ///< the name that OpenTelemetry has for it
    std::string database{}; ///< its name at the server, or the path of its file; empty where the client library chooses
    std::string address{};  ///< of the server: a host, or the path of a socket; empty where the client library chooses
    std::uint16_t port{0};  ///< 0 where it is the one that such servers have
};

/// A database as its URL names it, for many threads at once.
class Driver {
public:
    virtual ~Driver() = default;
    /// Opens a connection. Throws OperationalError naming the database and the remedy.
    virtual std::unique_ptr<Connection> open() = 0;
    virtual const sql::Dialect& dialect() const = 0;
    virtual ServerAddress server_address() const = 0;
    /// How messages name the database; never with a password.
    virtual const std::string& name() const = 0;
    /// The database lives in its one connection, which must therefore never be closed.
    virtual bool single_connection() const = 0;
};

} // namespace kith::backend
