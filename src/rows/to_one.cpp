#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/to_one.hpp>

#include <utility>

namespace kith::detail {

using rows::Place;
using rows::place_of;

bool composite_is_null(const RelationState& state) {
    const auto parts = rows::key_parts(state);
    return parts.empty() || rows::leads_to_null(parts);
}

bool to_one_is_null(const RelationState& state) {
    if (state.is_resident()) return rows::is_null_key(state);
    return rows::read_detached(state).null;
}

bool to_one_is_loaded(const RelationState& state) {
    if (state.is_resident()) return state.is_loaded_resident();
    const auto detached = rows::read_detached(state);
    if (detached.held != nullptr) return true;
    return detached.origin != nullptr && detached.origin->is_loaded_resident() && rows::origin_speaks_for(detached);
}

Value to_one_key(const RelationState& state) { return rows::key_of(state); }

namespace {

Value given_key(const RelationState& state) {
    Value key = to_one_key(state);
    if (is_null(key)) throw ValueError("key() of a relation that is null: ask is_null() first");
    return key;
}

} // namespace

template <class T>
T required_key(const RelationState& state) {
    return std::get<T>(given_key(state));
}
template bool required_key(const RelationState&);
template double required_key(const RelationState&);
template std::string required_key(const RelationState&);
template std::vector<std::byte> required_key(const RelationState&);
template Date required_key(const RelationState&);
template Timestamp required_key(const RelationState&);
template LocalTimestamp required_key(const RelationState&);
template Uuid required_key(const RelationState&);
template Decimal required_key(const RelationState&);
template Json required_key(const RelationState&);

std::int64_t required_integer(const RelationState& state) { return integer_bits(given_key(state)); }

void to_one_set_key(RelationState& state, const ValueView& key) { to_one_set_key(state, to_value(key)); }

void to_one_clear(RelationState& state) { to_one_set_key(state, Value{}); }

void to_one_clear_parts(RelationState& state) { to_one_set_parts(state, {Value{}}); }

void to_one_set_key(RelationState& state, Value key) {
    if (state.is_resident()) {
        rows::set_resident_key(state, place_of(&state), key);
        return;
    }
    const auto was = rows::read_detached(state);
    const auto origin = reinterpret_cast<std::uintptr_t>(was.origin);
    const RowHandle keep(was.origin);
    RelationState fresh;
    if (is_null(key)) {
        if (origin != 0) rows::write_detached(fresh, origin | RelationState::copied_null, key);
    } else {
        rows::write_detached(fresh, origin != 0 ? origin | RelationState::copied : RelationState::key_only, key);
    }
    state = fresh;
}

void to_one_set_parts(RelationState& state, std::vector<Value> parts) {
    if (state.is_resident()) {
        rows::set_resident_parts(state, place_of(&state), parts);
        return;
    }
    const auto was = rows::read_detached(state);
    const auto origin = reinterpret_cast<std::uintptr_t>(was.origin);
    const RowHandle keep(was.origin);
    RelationState fresh;
    rows::write_detached_parts(fresh, origin != 0 ? origin | RelationState::copied : RelationState::key_only,
                               std::move(parts));
    state = fresh;
}

namespace {

constexpr const char* assigning = "assigning it to a relation";

/// The key that a foreign key to `row` holds: its primary key, or the member named by to_field.
Value key_to_refer_by(const ModelInfo& target, const void* row, std::string_view to_field) {
    const auto& key = to_field.empty() ? target.key() : *target.find(to_field);
    return rows::saved_key(row, key, assigning);
}

bool is_composite_key(const ModelInfo& target, std::string_view to_field) {
    return to_field.empty() && target.primary_key.size() > 1;
}

void assign_resident(RelationState& state, const Place& place, void* row, std::string_view to_field) {
    const auto& target = rows::Page::of(row).model();
    if (is_composite_key(target, to_field)) {
        rows::set_resident_parts(state, place, rows::saved_keys(row, target.primary_key, assigning));
    } else {
        rows::set_resident_key(state, place, key_to_refer_by(target, row, to_field));
    }
    rows::point_at(state, place, row);
    const auto* inverse = place.field.relation->inverse;
    if (inverse != nullptr && inverse->kind == MemberKind::reverse_one) { // sets the other end too
        auto& back = rows::state_of(row, *inverse);
        rows::point_at(back, place_of(&back), place.row);
    }
}

} // namespace

void to_one_assign(RelationState& state, void* row, std::string_view to_field) {
    if (state.is_resident()) return assign_resident(state, place_of(&state), row, to_field);
    const auto& target = rows::Page::of(row).model();
    const auto link = reinterpret_cast<std::uintptr_t>(row) | RelationState::held;
    RelationState fresh;
    if (is_composite_key(target, to_field)) {
        rows::write_detached_parts(fresh, link, rows::saved_keys(row, target.primary_key, assigning));
    } else {
        rows::write_detached(fresh, link, key_to_refer_by(target, row, to_field));
    }
    state = fresh;
}

void to_one_copy_key(RelationState& state, const ModelInfo& target, const void* row, std::string_view to_field) {
    if (is_composite_key(target, to_field)) {
        to_one_set_parts(state, rows::saved_keys(row, target.primary_key, assigning));
    } else {
        to_one_set_key(state, key_to_refer_by(target, row, to_field));
    }
}

void detach(RelationState& state) {
    auto was = state.is_resident() ? rows::Detached{} : rows::read_detached(state);
    RelationState fresh;
    if (!was.parts.empty()) {
        rows::write_detached_parts(fresh, RelationState::key_only, std::move(was.parts));
    } else if (!is_null(was.key)) {
        rows::write_detached(fresh, RelationState::key_only, was.key);
    }
    state = fresh;
}

} // namespace kith::detail
