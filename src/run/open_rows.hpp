#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"
#include "sql/kept_selects.hpp"

#include <memory>

namespace kith::run {

/// The main statement of `query`, and the plan of its columns if that is known before it runs.
sql::Select main_select(const detail::Query& query, const connection::Session& session);
/// Completes the plan, once the statement runs. Throws ValueError if a raw statement lacks a column that the model
/// needs, or has one that the model does not know.
void complete(sql::Select& select, const detail::Query& query, backend::Cursor& cursor);

/// Starts the main statement, to be read slowly, about `batch` rows at once; its plan goes to `plan`.
std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             std::shared_ptr<const sql::RowPlan>& plan, std::size_t batch);

} // namespace kith::run
