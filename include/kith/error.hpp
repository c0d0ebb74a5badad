#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" // GCC 12 takes an enumerator for a second kith::unique
/// The kind of constraint that a write would violate: what IntegrityError::kind() returns.
enum class Violation : std::uint8_t {
    unique,      ///< another row has the same values
    foreign_key, ///< a row would refer to none, or rows still refer to one that is removed
    not_null,    ///< a column must have a value
    check,       ///< the values break a CHECK
    exclusion,   ///< the values conflict with those of another row (PostgreSQL)
    other,       ///< a rule of another kind, such as a trigger's
};
#pragma GCC diagnostic pop

/// Where an error happened. Members that are unknown or do not apply are empty or 0.
struct ErrorContext {
    std::string model{};    ///< the name of the struct, or of the table of a run-time model
    std::string lookup{};   ///< the lookup path as it was written, `visitation__province`, or the name of the member
    std::string sql{};      ///< the text of the statement that failed; parameters are never part of it
    int code{0};            ///< SQLite's extended result code, MariaDB's error number; PostgreSQL has none
    std::string sqlstate{}; ///< the five characters of the SQL standard, `23505`; SQLite has none
    bool transient{false};  ///< see Error::is_transient
    Violation violation{Violation::other}; ///< see IntegrityError::kind
    std::string constraint{};              ///< the name of the violated constraint in the database
    std::string table{};                   ///< the table of that constraint
    std::vector<std::string> columns{};    ///< see IntegrityError::columns
    std::string reason{};                  ///< see Error::reason
    std::optional<std::size_t> row{};      ///< see Error::row
    std::string key{};                     ///< see StaleRow::key
};

namespace detail {

/// `message` as what() gives it. Internal.
std::string shown_message(const std::string& message);
/// What is known about a violated constraint, as Error::reason() gives it. Internal.
std::string shown_reason(const ErrorContext& context);

struct ErrorAccess;

} // namespace detail

/// The base class of everything that Kith throws. `what()` is one sentence with the cause and the remedy, fit for a log
/// and a terminal: on one line, with escapes for invisible characters, and without its middle beyond 4,000 bytes.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message, ErrorContext context = {})
        : std::runtime_error(detail::shown_message(message)), context_(std::move(context)) {}

    /// ErrorContext::model.
    const std::string& model() const noexcept { return context_.model; }
    /// ErrorContext::lookup.
    const std::string& lookup() const noexcept { return context_.lookup; }
    /// ErrorContext::sql.
    const std::string& sql() const noexcept { return context_.sql; }
    /// ErrorContext::code.
    int code() const noexcept { return context_.code; }
    /// ErrorContext::sqlstate.
    const std::string& sqlstate() const noexcept { return context_.sqlstate; }
    /// Whether the same work may succeed if it is run again from its beginning, and nothing of it was kept: a deadlock
    /// or another conflict of transactions (PostgreSQL's 40001 and 40P01, MariaDB's 1213 and 1020), a lock that did not
    /// become free in time (PostgreSQL's 55P03, MariaDB's 1205, SQLITE_BUSY), or a connection that was lost while
    /// nothing was in doubt. False for a deadline and a cancel, which end the work.
    bool is_transient() const noexcept { return context_.transient; }
    /// One sentence that may be shown to whoever sent the values: it names models, members and columns, but no path,
    /// address, statement or stored value. For an error of the database that says no more than its class.
    std::string reason() const { return context_.reason.empty() ? what() : context_.reason; }
    /// Which of the rows given to bulk_create() or bulk_update() was refused, counted from 0. Empty for other calls,
    /// and if it is not known.
    std::optional<std::size_t> row() const noexcept { return context_.row; }
    /// All of these.
    const ErrorContext& context() const noexcept { return context_; }

private:
    friend struct detail::ErrorAccess;
    ErrorContext context_;
};

/// A name given at run time that the model does not have, or that is not allowed there.
class FieldError : public Error {
public:
    using Error::Error;
};

/// An argument of the right type that cannot be used: a slice that ends before it begins, an object that was never
/// saved, a conflicting Prefetch.
class ValueError : public Error {
public:
    using Error::Error;
};

/// What is wrong with one member of a row.
struct Fault {
    std::string member{}; ///< its name; `[3].title` for the row at index 3 of several, empty for the row as a whole
    std::string reason{}; ///< "must not be negative"
};

/// `validate()` of a model found faults in rows that were about to be written: nothing was. `what()` names the first
/// members, lookup() the first of them.
class ValidationError : public ValueError {
public:
    ValidationError(const std::string& model, std::vector<Fault> faults, std::optional<std::size_t> row = {});

    /// Everything that is wrong, in the order of the rows; after 100 faults, no more rows are asked.
    const std::vector<Fault>& faults() const noexcept { return faults_; }

private:
    std::vector<Fault> faults_;
};

/// There is no such row: get() or refresh() found none, or a foreign key or Ref was followed that leads to none.
class DoesNotExist : public Error {
public:
    using Error::Error;
};

/// Another has written the row since it was read: its kith::row_version is a newer one. save() and remove() have
/// changed nothing then, neither the row in memory nor the database, and the block around them can be used: refresh()
/// the row, and decide again. model() is its model. Not transient: only whoever read the row knows what must be read
/// again.
class StaleRow : public Error {
public:
    using Error::Error;

    /// The primary key of the row as text; several columns are separated by commas. No statement.
    const std::string& key() const noexcept { return context().key; }
};

/// get() found more than one row.
class MultipleObjectsReturned : public Error {
public:
    using Error::Error;
};

/// A relation, slot, column or annotation was read that has no value and cannot be loaded, or a QuerySet was used that
/// has no database.
class NotLoaded : public Error {
public:
    using Error::Error;
};

/// A relation or Lazy column was read that FetchMode::raise or a LoadingDetector forbids to load.
class FetchBlocked : public Error {
public:
    using Error::Error;
};

/// The database refused a statement or failed, or returned a value that does not fit its member.
class DatabaseError : public Error {
public:
    explicit DatabaseError(const std::string& message, ErrorContext context = {})
        : DatabaseError(message, std::move(context), "The database refused this") {}

protected:
    DatabaseError(const std::string& message, ErrorContext context, std::string_view reason)
        : Error(message, with_reason(std::move(context), reason)) {}

private:
    static ErrorContext with_reason(ErrorContext context, std::string_view reason) {
        if (context.reason.empty()) context.reason = reason;
        return context;
    }
};

/// A constraint of the schema was violated. model() is the model of the table that has the constraint. A write that
/// fails costs MariaDB one more query, for the columns, and SQLite some.
class IntegrityError : public DatabaseError {
public:
    explicit IntegrityError(const std::string& message, ErrorContext context = {})
        : DatabaseError(message, context, detail::shown_reason(context)) {}

    /// The kind of the constraint: the same on all databases.
    Violation kind() const noexcept { return context().violation; }
    /// Its name in the database. Empty for what has no name there: SQLite's foreign keys, NOT NULL, and a primary key
    /// that is the row's number.
    const std::string& constraint() const noexcept { return context().constraint; }
    /// Its columns, in its order: of a foreign key those that hold the key. Empty for a CHECK, and where the database
    /// does not tell.
    const std::vector<std::string>& columns() const noexcept { return context().columns; }
};

/// The database cannot be used at the moment: it cannot be reached, is locked or full, or the transaction has failed.
class OperationalError : public DatabaseError {
public:
    explicit OperationalError(const std::string& message, ErrorContext context = {})
        : DatabaseError(message, std::move(context), "The database cannot do this at the moment") {}
};

/// The time that a deadline allows has passed. Nothing of the call was kept, unless sqlstate() is 08007: then a server
/// did not say whether it had executed a write.
class DeadlineExceeded : public OperationalError {
public:
    using OperationalError::OperationalError;
};

/// A stop was requested through the std::stop_token of the call. As for DeadlineExceeded, nothing of it was kept.
class Cancelled : public OperationalError {
public:
    using OperationalError::OperationalError;
};

/// A call would load more than its Limits allow. lookup() is the one that did; empty for the main statement.
class LimitExceeded : public Error {
public:
    using Error::Error;
};

} // namespace kith
