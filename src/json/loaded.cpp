#include "json/loaded.hpp"

#include "rows/relation_state.hpp"
#include "rows/segment.hpp"

#include <kith/detail/core/to_one.hpp>

namespace kith::json_rows {

namespace {

using detail::FieldInfo;
using detail::RelationState;

Loaded one_row(const RelationState& state, const FieldInfo& field) {
    if (state.is_resident()) {
        if (!rows::is_loaded(state)) return {};
        return {.known = true,
                .one = rows::read_row(state),
                .followed = field.relation,
                .from = rows::place_of(&state).row};
    }
    const auto copy = rows::read_detached(state);
    if (copy.held != nullptr) return {.known = true, .one = copy.held, .followed = field.relation};
    if (detail::to_one_is_loaded(state)) {
        return one_row(*copy.origin, field);
    }
    return {.known = detail::has_column(field.kind) && copy.null};
}

Loaded set(const RelationState& state, const FieldInfo&) {
    const auto* member = state.is_resident() ? &state : rows::read_detached(state).origin;
    if (member == nullptr || !rows::is_loaded(*member)) return {};
    const auto& filled = rows::loaded_set(*member);
    filled.note_read();
    return {
        .known = true, .many = rows::rows_of(*member), .followed = filled.relation, .from = rows::place_of(member).row};
}

/// The key of a GenericForeignKey that is not null; the first if all are.
const FieldInfo* meant_key(const void* row, const FieldInfo* field) {
    if (field->generic == nullptr) return field;
    for (const auto* key : field->generic->keys) {
        if (!detail::to_one_is_null(rows::state_of(const_cast<void*>(row), *key))) return key;
    }
    return field;
}

} // namespace

Loaded loaded_by(const void* row, const FieldInfo& field) {
    const auto& meant = *meant_key(row, &field);
    const auto& state = rows::state_of(const_cast<void*>(row), meant);
    return detail::is_to_one(meant.kind) ? one_row(state, meant) : set(state, meant);
}

} // namespace kith::json_rows
