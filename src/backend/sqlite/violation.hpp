#pragma once

#include "backend/backend.hpp"
#include "backend/sqlite/handle.hpp"

#include <string>
#include <vector>

/// What SQLite's message about a violated constraint does not say.
namespace kith::backend::sqlite {

/// The name of the index over the columns of a unique constraint; empty if there is none.
std::string unique_index(Handle& handle, const ErrorContext& violated);

/// The columns of the foreign key by which `statement`, an INSERT or UPDATE of Kith's own, would have led to no row.
/// Empty if that is not known, as where several keys of several columns could be meant.
std::vector<std::string> missing_target(const sql::Statement& statement, backend::Connection& connection);

} // namespace kith::backend::sqlite
