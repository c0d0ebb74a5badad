#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

#include <span>
#include <vector>

namespace kith::write {

/// Updates the rows of `query`, and reads them into `graph` as they are then, in the order of their primary keys. The
/// caller has a WriteTransaction open. Throws FieldError if a part of the primary key is assigned, and ValueError for a
/// key of several columns where the database must be asked for the rows again.
std::vector<void*> update_and_read(connection::Session& session, const detail::Query& query,
                                   std::span<const query::ResolvedCondition> assignments, rows::Graph& graph);

} // namespace kith::write
