#pragma once

#include "backend/doubt.hpp"

#include <string>
#include <string_view>

namespace kith::backend::postgresql {

/// Everything known about a failure in PostgreSQL.
struct Failure {
    std::string_view database{}; ///< its name in messages
    std::string_view text{};     ///< the server's message, or libpq's
    std::string_view sql{};      ///< the statement; empty if there is none
    std::string_view sqlstate{}; ///< empty if the server did not answer
    std::string_view constraint{};
    std::string_view table{};
    std::string_view column{}; ///< that must not be null
    std::string_view detail{}; ///< contains values
    bool lost{false};          ///< the connection is lost
    Doubt doubt{};             ///< if it is lost
};

/// Throws IntegrityError for a violated constraint; OperationalError for a lost connection, locks, conflicts between
/// transactions, missing tables, columns and rights; DatabaseError for the rest. The message names the remedy.
[[noreturn]] void raise(const Failure& failure);

/// Throws OperationalError for a connection that could not be opened.
[[noreturn]] void raise_unconnected(const std::string& database, const std::string& message);

/// Throws OperationalError for a connection that was accepted but got no answer within `seconds`.
[[noreturn]] void raise_unanswered(const std::string& database, long seconds);

} // namespace kith::backend::postgresql
