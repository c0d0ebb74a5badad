#pragma once

#include "rows/page.hpp"
#include "rows/segment.hpp"

#include <kith/detail/core/relation_state.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// The states of relation members, in resident rows and in detached copies: keys, and the rows and sets that are
/// loaded.
namespace kith::rows {

/// Where a detached member leads.
struct Detached {
    RelationState* origin{nullptr}; ///< the resident member it was copied from
    void* held{nullptr};            ///< the resident row it was assigned
    bool null{true};
    Value key{};                ///< empty for sets and null keys
    std::vector<Value> parts{}; ///< of a composite key that was assigned; else empty: the members of the row hold the
                                ///< key
};

/// Whether a key of this type does not fit into the eight bytes of a RelationState.
bool is_wide(detail::ColumnType key_type) noexcept;

/// Writes the state of a detached member: `link`, on which no hold was taken yet, and the key.
void write_detached(RelationState& state, std::uintptr_t link, const Value& key);
/// The same with a composite key.
void write_detached_parts(RelationState& state, std::uintptr_t link, std::vector<Value> parts);

/// Reads a member that is not resident. `origin` and `held` stay valid while the member does.
Detached read_detached(const RelationState& state);

/// Whether the copy leads to what `origin` has loaded: the key is still the same.
bool origin_speaks_for(const Detached& member);

/// The key of a to-one member; empty if it is null.
Value key_of(const RelationState& state);
/// The same for a resident member of `field`.
Value resident_key(const RelationState& state, const FieldInfo& field);

/// Whether the key of a resident foreign key is null.
inline bool is_null_key(const RelationState& state) noexcept {
    const auto null = RelationState::loaded_bit | RelationState::null_key;
    return (state.link.load(std::memory_order_acquire) & ~RelationState::resident_bit) == null;
}

/// Whether a composite key leads nowhere, because a part of it is NULL.
bool leads_to_null(std::span<const Value> parts) noexcept;

/// The values of a composite key: those that were assigned, or those in the members of the row. Empty if the row of the
/// member is unknown, and for all other relations.
std::vector<Value> key_parts(const RelationState& state);

/// Writes the composite keys that were assigned to the detached `row` into the members that hold them.
void settle_keys(void* row, const ModelInfo& model);

/// Makes a detached member a copy of the one in a `resident` row.
void become_copy(RelationState& state, const RelationState& resident);

/// Makes a member that was copied into a resident row resident. It keeps its key and the row it holds.
void make_resident(RelationState& state, const FieldInfo& field, Segment& segment);

/// Forgets what a resident member has loaded: to-one members keep their key, sets and reverse ends become unloaded.
void forget_loaded(RelationState& state, const Place& place) noexcept;

/// Sets the key of a resident foreign key; if the key differs, forgets what was loaded.
void set_resident_key(RelationState& state, const Place& place, const Value& key);

/// Writes a composite key into the members of the row that hold it, and forgets what was loaded.
void set_resident_parts(RelationState& state, const Place& place, std::span<const Value> parts);

/// Makes a resident to-one member lead to the resident `row` of any graph. Does not change the key.
void point_at(RelationState& state, const Place& place, void* row);

/// The row that a loaded member leads to, for a program that reads it; null if there is none.
void* read_row(const RelationState& state) noexcept;

/// Marks a resident member as loaded: with a row of the same graph, or as leading nowhere (null).
inline void publish_row(RelationState& state, void* row) noexcept {
    const auto target = row != nullptr ? reinterpret_cast<std::uintptr_t>(row) : RelationState::missing;
    state.link.store(target | RelationState::resident_bit | RelationState::loaded_bit, std::memory_order_release);
}

/// The same for a row of the same graph; reading the member marks the row's segment as read.
inline void publish_watched_row(RelationState& state, void* row) noexcept {
    const auto marks = RelationState::resident_bit | RelationState::loaded_bit | RelationState::watched_bit;
    state.link.store(reinterpret_cast<std::uintptr_t>(row) | marks, std::memory_order_release);
}

/// Marks a resident set as loaded with `rows`, which stay where they are. If there are several, the word before them is
/// their number.
inline void publish_set(RelationState& state, RowSpan rows, const LoadedSet& set) noexcept {
    state.key = reinterpret_cast<std::uintptr_t>(&set);
    auto target = RelationState::missing;
    if (rows.size == 1) {
        target = reinterpret_cast<std::uintptr_t>(rows.data) | RelationState::single_bit;
    } else if (rows.size != 0) {
        target = reinterpret_cast<std::uintptr_t>(rows.data - 1);
    }
    state.link.store(target | RelationState::resident_bit | RelationState::loaded_bit, std::memory_order_release);
}

inline bool is_loaded(const RelationState& state) noexcept { return state.is_loaded_resident(); }

/// The rows of a loaded resident set.
inline RowSpan rows_of(const RelationState& state) noexcept {
    const auto link = state.link.load(std::memory_order_acquire);
    const auto list = link & ~RelationState::tag_bits;
    if (list < RelationState::least_address) return {};
    const auto* words = reinterpret_cast<const std::uintptr_t*>(list);
    if ((link & RelationState::single_bit) != 0) return {reinterpret_cast<void* const*>(words), 1};
    return {reinterpret_cast<void* const*>(words + 1), words[0]};
}

inline const LoadedSet& loaded_set(const RelationState& state) noexcept {
    return *reinterpret_cast<const LoadedSet*>(state.key);
}

} // namespace kith::rows
