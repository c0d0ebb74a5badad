#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"
#include "sql/select.hpp"

#include <memory>

namespace kith::run {

/// Starts the main statement of `query` and says what its columns are. Throws ValueError where a statement of the
/// user's own lacks a column that the model needs, or has one that it does not know.
std::unique_ptr<backend::Cursor> open_rows(connection::Session& session, const detail::Query& query,
                                           sql::RowPlan& plan);
/// The same, read slowly, some `batch` rows at a time.
std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             sql::RowPlan& plan, std::size_t batch);

} // namespace kith::run
