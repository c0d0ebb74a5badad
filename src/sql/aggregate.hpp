#pragma once

#include "query/query.hpp"
#include "sql/joins.hpp"

#include <string>

namespace kith::sql {

/// An aggregate over the rows that a row of `outer`'s base is related to: a subselect that returns one value.
std::string aggregate_of_row(const query::ResolvedAggregate& aggregate, const Joins& outer, Writer& writer);

} // namespace kith::sql
