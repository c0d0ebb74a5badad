#pragma once

#include "load.hpp"
#include "query/query.hpp"

namespace kith::cli {

/// Throws ValueError, naming the option to raise, for a query that exceeds the caps. Runs no statement.
void require_within(const detail::Query& query, const Caps& caps);

} // namespace kith::cli
