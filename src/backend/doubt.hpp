#pragma once

#include "sql/statement.hpp"

#include <cstdint>
#include <string_view>

namespace kith::backend {

/// What nobody knows when a connection is lost before the server has answered.
enum class Doubt : std::uint8_t {
    none,      ///< nothing was sent that could stay
    statement, ///< whether a statement outside of transactions was carried out
    commit,    ///< whether a transaction was committed
};

/// What to do about a connection that is lost.
std::string_view lost_remedy(Doubt doubt);

/// Of the SQL standard: the outcome of a transaction is unknown.
inline constexpr std::string_view outcome_unknown = "08007";

/// Whether the statement may change something. A raw statement may, whatever it begins with.
inline bool may_write(const sql::Statement& statement) {
    return statement.table.empty() || !statement.text.starts_with("SELECT");
}

} // namespace kith::backend
