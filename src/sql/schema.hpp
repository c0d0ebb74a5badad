#pragma once

#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/model_info.hpp>

#include <span>
#include <vector>

namespace kith::sql {

/// CREATE TABLE and CREATE INDEX for `models` and the join tables that Kith keeps for them, each only if it does not
/// exist yet. Views are left out.
std::vector<Statement> create_tables(std::span<const detail::ModelInfo* const> models, const Dialect& dialect);

/// DROP TABLE for the same tables, those that refer to others first.
std::vector<Statement> drop_tables(std::span<const detail::ModelInfo* const> models, const Dialect& dialect);

} // namespace kith::sql
