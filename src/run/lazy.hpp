#pragma once

#include <vector>

#include <kith/detail/row_block.hpp>

#include "rows/segment.hpp"

namespace kith::run {

/// Loads a resident relation member that is not loaded, by the fetch mode of its row: one statement, for the row alone
/// or for all its peers. Safe from many threads: the second to come finds it loaded. Throws FetchBlocked when the mode
/// forbids it.
void load_lazily(const detail::RelationState& member);

/// The rows that were fetched together with `row`; a window around it where there are very many.
std::vector<void*> peers_of(const rows::Segment& segment, const void* row);

}  // namespace kith::run
