#pragma once

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
/// or for all its peers. Safe from many threads: the second to come finds it loaded. Throws FetchBlocked when the mode
/// forbids it. With `work`, it is part of that.
void load_lazily(const detail::RelationState& member, const observe::CallInfo& call = {});

/// What it is to load `field`, as observers are told.
observe::CallInfo loading_of(const detail::FieldInfo& field, std::source_location where = {});

/// Tells the LoadingDetectors that a row of `segment` loaded `field` by itself, unless the row came alone. Gives up the
/// graph's `loading` lock before anybody is told. Throws FetchBlocked where a detector is to throw.
void note_read_alone(const connection::Session& session, std::unique_lock<std::mutex>& loading, rows::Segment& segment,
                     const detail::FieldInfo& field, std::size_t statements, const std::string& remedy);

/// The rows that were fetched together with `row`; a window around it where there are very many.
std::vector<void*> peers_of(const rows::Segment& segment, const void* row);

} // namespace kith::run
