#pragma once

#include "backend/postgresql/types.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/value_access.hpp>

#include <span>
#include <string>

/// COPY … FROM STDIN in binary form, which takes values in the types of their columns and converts none.
namespace kith::backend::postgresql {

/// The columns of the table `$1` that COPY fills as INSERT does, with the number of their type (of a domain, its base
/// type), and whether that is an enum. None for a view, and for a table with rules, which COPY ignores, or with row
/// security, which it refuses. An identity that is ALWAYS generated is missing: INSERT refuses a value for it, COPY
/// would store it.
extern const char* const copied_columns_sql;

/// Whether a column of that type stores every value of a member of type `member` unchanged.
bool is_copied(detail::ColumnType member, type::Number column, bool is_enum);

/// The rows of a statement of sql::copy_rows(), whose columns have `types`. Throws ValueError for what PostgreSQL
/// cannot hold.
std::string copied_rows(const sql::Statement& statement, std::span<const type::Number> types);

} // namespace kith::backend::postgresql
