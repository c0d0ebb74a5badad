#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/row_handle.hpp>

#include <source_location>
#include <span>

/// What sets and slots do. Implemented in src/write/sets.cpp and, for slots, in src/run/lazy.cpp.
namespace kith::detail {

/// The row in a PrefetchedOne, null when the Prefetch found none. Throws NotLoaded when no Prefetch filled it.
void* slot_row(const RelationState& state);

/// The rows of a PrefetchedSet. Throws NotLoaded when no Prefetch filled it.
RowSpan slot_rows(const RelationState& state);
bool set_is_loaded(const RelationState& state);
void set_add(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_remove(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_clear(const RelationState& state, std::source_location where = {});
void set_assign(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
/// Inserts a copy of the detached `row` as a member of the set.
RowHandle set_create(const RelationState& state, const void* row, std::source_location where = {});

} // namespace kith::detail
