#pragma once

#include "base/mutex.hpp"
#include "connection/session.hpp"
#include "rows/segment.hpp"

#include <kith/detail/core/relation_state.hpp>

#include <cstddef>
#include <mutex>
#include <source_location>
#include <string>
#include <vector>

namespace kith::run {

/// Loads a resident relation member that is not loaded, by the fetch mode of its row: one statement, for the row alone
/// or for all its peers. Safe from many threads: the second one finds it loaded. Throws FetchBlocked if the mode
/// forbids it. With `call`, the load is part of that call.
void load_lazily(const detail::RelationState& member, const observe::CallInfo& call = {});

/// The call that loads `field`, for observers.
observe::CallInfo loading_of(const detail::FieldInfo& field, std::source_location where = {});

/// Reports to the LoadingDetectors that a row of `segment` loaded `field` by itself, unless the row was fetched alone.
/// Releases the graph's `loading` lock before any callback. Throws FetchBlocked if a detector is set to throw.
void note_read_alone(const connection::Session& session, std::unique_lock<base::Mutex>& loading, rows::Segment& segment,
                     const detail::FieldInfo& field, std::size_t statements, const std::string& remedy);

/// The rows that were fetched together with `row`; a window around it if there are very many.
std::vector<void*> peers_of(const rows::Segment& segment, const void* row);

} // namespace kith::run
