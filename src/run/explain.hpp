#pragma once

#include "query/query.hpp"
#include "run/execute.hpp"

#include <kith/loading_plan.hpp>

#include <string>

namespace kith::run {

/// The database's own plan for the main statement. One statement.
std::string explain_statement(const detail::Query& query);

/// What an evaluation would run, and what was run in `done`, which may be null. Touches no database.
LoadingPlan plan_loading(const detail::Query& query, const Evaluation* done);

} // namespace kith::run
