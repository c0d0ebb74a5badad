#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/row_handle.hpp>

#include <source_location>
#include <span>

/// The operations of sets and slots. Implemented in src/write/sets.cpp and, for slots, in src/run/lazy.cpp.
namespace kith::detail {

/// Returns the row in a PrefetchedOne, or null if the Prefetch found none. Throws NotLoaded if no Prefetch filled it.
void* slot_row(const RelationState& state);

/// Returns the rows of a PrefetchedSet. Throws NotLoaded if no Prefetch filled it.
RowSpan slot_rows(const RelationState& state);
bool set_is_loaded(const RelationState& state);
void set_add(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_remove(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_clear(const RelationState& state, std::source_location where = {});
void set_assign(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
/// Inserts a copy of the detached `row` as a member of the set.
RowHandle set_create(const RelationState& state, const void* row, std::source_location where = {});

} // namespace kith::detail
