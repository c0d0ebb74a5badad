#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kith {

/// Where an error happened. Members that are unknown or do not apply are empty or 0.
struct ErrorContext {
    std::string model{};    ///< the name of the struct, or of the table of a run-time model
    std::string lookup{};   ///< the lookup path as it was written, `visitation__province`, or the name of the member
    std::string sql{};      ///< the text of the statement that failed; parameters are never part of it
    int code{0};            ///< SQLite's extended result code, MariaDB's error number; PostgreSQL has none
    std::string sqlstate{}; ///< the five characters of the SQL standard, `23505`; SQLite has none
};

namespace detail {

/// `message` as what() gives it. Internal.
std::string shown_message(const std::string& message);

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
    /// All of these.
    const ErrorContext& context() const noexcept { return context_; }

private:
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

/// There is no such row: get() or refresh() found none, or a foreign key or Ref was followed that leads to none.
class DoesNotExist : public Error {
public:
    using Error::Error;
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
    using Error::Error;
};

/// A constraint of the schema was violated.
class IntegrityError : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

/// The database cannot be used at the moment: it cannot be reached, is locked or full, or the transaction has failed.
class OperationalError : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

} // namespace kith
