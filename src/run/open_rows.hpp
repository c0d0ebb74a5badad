#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"
#include "sql/select.hpp"

#include <memory>

namespace kith::run {

/// The main statement of `query`, and the plan of its columns if that is known before it runs.
sql::Statement main_statement(const detail::Query& query, const sql::Dialect& dialect, sql::RowPlan& plan);
/// Completes the plan, once the statement runs. Throws ValueError if a raw statement lacks a column that the model
/// needs, or has one that the model does not know.
void complete(sql::RowPlan& plan, const detail::Query& query, backend::Cursor& cursor);

/// Starts the main statement and completes its plan, to be read slowly, about `batch` rows at once.
std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             sql::RowPlan& plan, std::size_t batch);

} // namespace kith::run
