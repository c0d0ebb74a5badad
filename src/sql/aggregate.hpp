#pragma once

#include "query/query.hpp"
#include "sql/joins.hpp"

#include <string>

namespace kith::sql {

/// An aggregate over what a row of `outer`'s base is related to: a subselect that gives one value.
std::string aggregate_of_row(const query::ResolvedAggregate& aggregate, const Joins& outer, Writer& writer);

} // namespace kith::sql
