#pragma once

#include "backend/doubt.hpp"

#include <string>
#include <string_view>

namespace kith::backend::mariadb {

/// What is known of a failure in MariaDB.
struct Failure {
    std::string_view database{}; ///< as messages name it
    std::string_view text{};     ///< the server's message, or the client library's
    std::string_view sql{};      ///< the statement, empty where there is none
    std::string_view sqlstate{};
    unsigned number{0};
    bool lost{false}; ///< the connection is gone
    Doubt doubt{};    ///< then
};

/// Throws IntegrityError for a violated constraint; OperationalError for a lost connection, locks, conflicts between
/// transactions, missing tables, columns and rights; DatabaseError for the rest. The message names the remedy.
[[noreturn]] void raise(const Failure& failure);

/// Throws OperationalError for a connection that was not made.
[[noreturn]] void raise_unconnected(const std::string& database, const std::string& message, unsigned number);

/// Throws OperationalError for a connection that was taken, and on which nothing was answered in `seconds`.
[[noreturn]] void raise_unanswered(const std::string& database, unsigned seconds);

} // namespace kith::backend::mariadb
