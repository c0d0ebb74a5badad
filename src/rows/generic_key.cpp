#include "rows/generic_key.hpp"

#include "rows/page.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>

namespace kith::rows {

namespace {

using detail::GenericKey;
using detail::Value;

const std::optional<std::string>& type_in(const void* row, const GenericKey& generic) {
    return *reinterpret_cast<const std::optional<std::string>*>(static_cast<const std::byte*>(row) +
                                                                generic.type->offset);
}

const detail::RelationState& key_in(const void* row, const FieldInfo& key) {
    return state_of(const_cast<void*>(row), key);
}

void to_null(detail::RelationState& state) noexcept {
    using State = detail::RelationState;
    state.key = 0;
    state.link.store(State::resident_bit | State::loaded_bit | State::null_key, std::memory_order_relaxed);
}

void settle(void* row, const GenericKey& generic) {
    auto& first = state_of(row, *generic.keys.front());
    const auto& type = type_in(row, generic);
    if (!type) return to_null(first);
    const auto known = std::ranges::find(generic.types, *type);
    if (known == generic.types.end()) {
        throw DatabaseError(fmt::format("{} of {} holds '{}', which names none of its models: it knows {}",
                                        generic.type->column, generic.type->model->name, *type,
                                        fmt::join(generic.types, ", ")),
                            {.model = generic.type->model->name, .lookup = generic.name});
    }
    const auto& key = *generic.keys[static_cast<std::size_t>(known - generic.types.begin())];
    if (&key == generic.keys.front()) return;
    auto& meant = state_of(row, key);
    meant.key = first.key;
    meant.link.store(first.link.load(std::memory_order_relaxed), std::memory_order_relaxed);
    to_null(first);
}

} // namespace

void settle_generic_keys(void* row, const detail::ModelInfo& model) {
    for (const auto& generic : model.generic_keys) settle(row, *generic);
}

Value stored_value(const void* row, const FieldInfo& field) {
    if (field.generic == nullptr) return read_value(row, field);
    const auto& generic = *field.generic;
    for (std::size_t i = 0; i < generic.keys.size(); ++i) {
        if (detail::to_one_is_null(key_in(row, *generic.keys[i]))) continue;
        return &field == generic.type ? Value{generic.types[i]} : read_value(row, *generic.keys[i]);
    }
    return {};
}

void clear_other_keys(void* row, const FieldInfo& key) {
    if (key.generic == nullptr) return;
    for (const auto* other : key.generic->keys) {
        if (other != &key) detail::to_one_clear(state_of(row, *other));
    }
}

} // namespace kith::rows
