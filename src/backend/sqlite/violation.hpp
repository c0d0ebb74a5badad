#pragma once

#include "backend/backend.hpp"
#include "backend/sqlite/handle.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What SQLite's message about a violated constraint does not say.
namespace kith::backend::sqlite {

/// The name of the index over the columns of a unique constraint; empty if there is none. `schema` may be empty.
std::string unique_index(Handle& handle, std::string_view schema, const ErrorContext& violated);

/// The columns of the foreign key by which `statement`, an INSERT or UPDATE of Kith's own, would have led to no row.
/// Empty if it is none of those that it writes as values.
std::vector<std::string> missing_target(const sql::Statement& statement, backend::Connection& connection);

/// The table and the columns of the foreign key whose rows refer to those that `statement`, a DELETE or UPDATE, removes
/// or changes, or to rows that go with them. Found if there is only one that may forbid it.
void find_reference(Handle& handle, const sql::Statement& statement, ErrorContext& violated);

} // namespace kith::backend::sqlite
