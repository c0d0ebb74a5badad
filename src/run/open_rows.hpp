#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"
#include "sql/select.hpp"

#include <memory>

namespace kith::run {

/// Starts the main statement of `query` and describes its columns. Throws ValueError if a raw statement lacks a column
/// that the model needs, or has one that the model does not know.
std::unique_ptr<backend::Cursor> open_rows(connection::Session& session, const detail::Query& query,
                                           sql::RowPlan& plan);
/// The same, read slowly, about `batch` rows at once.
std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             sql::RowPlan& plan, std::size_t batch);

} // namespace kith::run
