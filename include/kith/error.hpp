#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kith {

/// Where an error happened, as far as it is known. Empty members do not apply.
struct ErrorContext {
    std::string model{};    ///< name of the C++ struct, or of the table of a run-time model
    std::string lookup{};   ///< the lookup path as it was written, `"visitation__province"`
    std::string sql{};      ///< text of the statement that failed; parameters are never part of it
    int code{0};            ///< the database's own (extended) result code; PostgreSQL has none
    std::string sqlstate{}; ///< the five characters of the SQL standard, `23505`; SQLite has none
};

/// Root of all that Kith throws. `what()` is one sentence that names the cause and the remedy.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message, ErrorContext context = {})
        : std::runtime_error(message), context_(std::move(context)) {}

    const std::string& model() const noexcept { return context_.model; }
    const std::string& lookup() const noexcept { return context_.lookup; }
    const std::string& sql() const noexcept { return context_.sql; }
    int code() const noexcept { return context_.code; }
    const std::string& sqlstate() const noexcept { return context_.sqlstate; }
    const ErrorContext& context() const noexcept { return context_; }

private:
    ErrorContext context_;
};

/// A name given at run time that no model has, or that cannot stand where it was put.
class FieldError : public Error {
public:
    using Error::Error;
};

/// An argument that is of the right type but cannot be used: a negative slice, an unsaved object, a conflicting
/// Prefetch.
class ValueError : public Error {
public:
    using Error::Error;
};

/// `get()` found no row, or a foreign key was followed that is null or leads nowhere.
class DoesNotExist : public Error {
public:
    using Error::Error;
};

/// `get()` found more than one row.
class MultipleObjectsReturned : public Error {
public:
    using Error::Error;
};

/// A relation or column was read through an object that knows no database to load it from.
class NotLoaded : public Error {
public:
    using Error::Error;
};

/// `FetchMode::raise` forbade the load.
class FetchBlocked : public Error {
public:
    using Error::Error;
};

/// The database refused or failed.
class DatabaseError : public Error {
public:
    using Error::Error;
};

/// A constraint of the schema was violated.
class IntegrityError : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

/// The database could not be reached, was locked too long, ran out of room, or its transaction is no longer usable.
class OperationalError : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

} // namespace kith
