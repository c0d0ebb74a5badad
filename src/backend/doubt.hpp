#pragma once

#include "sql/statement.hpp"

#include <cstdint>
#include <string_view>

namespace kith::backend {

/// What is unknown when a connection is lost before the server has answered.
enum class Doubt : std::uint8_t {
    none,      ///< nothing was sent that could persist
    statement, ///< whether a statement outside of transactions was executed
    commit,    ///< whether a transaction was committed
};

/// The advice for a lost connection.
std::string_view lost_remedy(Doubt doubt);

/// The SQLSTATE of the SQL standard for a transaction whose outcome is unknown.
inline constexpr std::string_view outcome_unknown = "08007";

/// Whether the statement may change something. A raw statement may, whatever its first word is.
inline bool may_write(const sql::Statement& statement) {
    return statement.table.empty() || !statement.text.starts_with("SELECT");
}

/// Whether the rows of the statement tell what it has written.
bool returns_what_it_wrote(const sql::Statement& statement);

} // namespace kith::backend
