#pragma once

#include <string>

#include "query/query.hpp"
#include "run/execute.hpp"

namespace kith::run {

/// The database's own plan for the main statement. One statement.
std::string explain_statement(const detail::Query& query);

/// The statements that an evaluation would run, lookup by lookup, as a tree; behind those that ran in `done`, which may
/// be null, what they took. Touches no database.
std::string explain_loading(const detail::Query& query, const Evaluation* done);

}  // namespace kith::run
