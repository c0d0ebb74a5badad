#pragma once

#include "backend/backend.hpp"
#include "backend/refusal.hpp"

#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/value_access.hpp>

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>

/// From cells to members, the same for every database. A backend defines a cell type, with functions that return the
/// cell's content as `bool`, `std::int64_t`, text and so on, each checked: they throw the errors of refusal.hpp.
namespace kith::backend {

template <class C>
concept Cell = requires(const C& cell) {
    { cell.type } -> std::convertible_to<ColumnType>;
    { is_null(cell) } -> std::same_as<bool>;
    { boolean(cell) } -> std::same_as<bool>;
    { integer(cell) } -> std::same_as<std::int64_t>;
    { unsigned_integer(cell) } -> std::same_as<std::uint64_t>;
    { number(cell) } -> std::same_as<double>;
    { text(cell) } -> std::same_as<std::string_view>;
    { document(cell) } -> std::same_as<std::string_view>;
    { bytes(cell) } -> std::same_as<std::span<const std::byte>>;
    { date(cell) } -> std::same_as<Date>;
    { timestamp(cell) } -> std::same_as<Timestamp>;
    { local_timestamp(cell) } -> std::same_as<LocalTimestamp>;
    { uuid(cell) } -> std::same_as<Uuid>;
    { decimal(cell) } -> std::same_as<Decimal>;
    { place(cell) } -> std::same_as<CellLabel>;
    { as_it_is(cell) } -> std::same_as<Value>;    // not null
    { holds(cell) } -> std::same_as<std::string>; // in words, for messages
};

/// Refuses a number that does not fit into a `T`.
template <class T>
[[noreturn]] void refuse_beyond(const CellLabel& place, const std::string& holds) {
    refuse_range(place, holds, fmt::format("{}", std::numeric_limits<T>::lowest()),
                 fmt::format("{}", std::numeric_limits<T>::max()));
}

template <class T, Cell C>
T integer_as(const C& cell) {
    const std::int64_t value = integer(cell);
    if (!std::in_range<T>(value)) refuse_beyond<T>(place(cell), holds(cell));
    return static_cast<T>(value);
}

template <Cell C>
float short_number(const C& cell) {
    const double value = number(cell);
    if (std::isfinite(value) && std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
        refuse_beyond<float>(place(cell), holds(cell));
    }
    return static_cast<float>(value);
}

/// Through memcpy, because the member may be an enum whose underlying type is `T`.
template <class T>
void store(void* at, T value) {
    std::memcpy(at, &value, sizeof value);
}

/// Enums are stored by name; no other text is valid.
template <Cell C>
void store_enum(const C& cell, const detail::EnumTable& names, void* at) {
    if (!names.store(at, text(cell))) refuse_type(place(cell), holds(cell), "one of " + names.list());
}

template <Cell C>
void store_value(const C& cell, const ColumnSlot& slot, void* at) {
    switch (cell.type) {
    case ColumnType::boolean: return store(at, boolean(cell));
    case ColumnType::int8: return store(at, integer_as<std::int8_t>(cell));
    case ColumnType::int16: return store(at, integer_as<std::int16_t>(cell));
    case ColumnType::int32: return store(at, integer_as<std::int32_t>(cell));
    case ColumnType::int64: return store(at, integer(cell));
    case ColumnType::uint8: return store(at, integer_as<std::uint8_t>(cell));
    case ColumnType::uint16: return store(at, integer_as<std::uint16_t>(cell));
    case ColumnType::uint32: return store(at, integer_as<std::uint32_t>(cell));
    case ColumnType::uint64: return store(at, unsigned_integer(cell));
    case ColumnType::float32: return store(at, short_number(cell));
    case ColumnType::float64: return store(at, number(cell));
    case ColumnType::text: static_cast<std::string*>(at)->assign(text(cell)); return;
    case ColumnType::bytes: {
        const auto data = bytes(cell);
        static_cast<std::vector<std::byte>*>(at)->assign(data.begin(), data.end());
        return;
    }
    case ColumnType::date: *static_cast<Date*>(at) = date(cell); return;
    case ColumnType::timestamp: *static_cast<Timestamp*>(at) = timestamp(cell); return;
    case ColumnType::uuid: *static_cast<Uuid*>(at) = uuid(cell); return;
    case ColumnType::decimal: *static_cast<Decimal*>(at) = decimal(cell); return;
    case ColumnType::json: static_cast<Json*>(at)->text.assign(document(cell)); return;
    case ColumnType::local_timestamp: *static_cast<LocalTimestamp*>(at) = local_timestamp(cell); return;
    case ColumnType::enumeration: return store_enum(cell, *slot.names, at);
    case ColumnType::any: *static_cast<Value*>(at) = as_it_is(cell); return;
    }
}

/// An integer of any width that fits the cell's type; for ColumnType::uint64 its bits.
template <Cell C>
std::int64_t checked_integer(const C& cell) {
    switch (cell.type) {
    case ColumnType::int8: return integer_as<std::int8_t>(cell);
    case ColumnType::int16: return integer_as<std::int16_t>(cell);
    case ColumnType::int32: return integer_as<std::int32_t>(cell);
    case ColumnType::uint8: return integer_as<std::uint8_t>(cell);
    case ColumnType::uint16: return integer_as<std::uint16_t>(cell);
    case ColumnType::uint32: return integer_as<std::uint32_t>(cell);
    case ColumnType::uint64: return static_cast<std::int64_t>(unsigned_integer(cell));
    default: return integer(cell);
    }
}

/// NULL as an empty Value.
template <Cell C>
Value to_value(const C& cell) {
    if (is_null(cell)) return {};
    switch (cell.type) {
    case ColumnType::boolean: return boolean(cell);
    case ColumnType::int8:
    case ColumnType::int16:
    case ColumnType::int32:
    case ColumnType::int64:
    case ColumnType::uint8:
    case ColumnType::uint16:
    case ColumnType::uint32:
    case ColumnType::uint64: return detail::integer_value(cell.type, checked_integer(cell));
    case ColumnType::float32: return static_cast<double>(short_number(cell));
    case ColumnType::float64: return number(cell);
    case ColumnType::text:
    case ColumnType::enumeration: return std::string(text(cell));
    case ColumnType::bytes: {
        const auto data = bytes(cell);
        return std::vector<std::byte>(data.begin(), data.end());
    }
    case ColumnType::date: return date(cell);
    case ColumnType::timestamp: return timestamp(cell);
    case ColumnType::uuid: return uuid(cell);
    case ColumnType::decimal: return decimal(cell);
    case ColumnType::json: return Json{std::string(document(cell))};
    case ColumnType::local_timestamp: return local_timestamp(cell);
    case ColumnType::any: return as_it_is(cell);
    }
    refuse(place(cell), "Kith does not support this column type");
}

using detail::RelationState;

/// Stores a number of ColumnType::int64, or a to-one relation's key of that type. Most cells are such, so this needs no
/// Cell and no checks.
inline void store_number(std::int64_t number, const ColumnSlot& slot, void* at) {
    if (!slot.to_one) return store(at, number);
    auto& state = *static_cast<RelationState*>(at);
    state.key = static_cast<std::uint64_t>(number);
    state.link.store(RelationState::resident_bit, std::memory_order_relaxed);
}

/// The row is not published yet, or only its user's thread writes it: no ordering is needed.
template <Cell C>
void store_key(const C& cell, RelationState& state, KeyStore& keys) {
    if (detail::is_integer(cell.type)) {
        state.key = static_cast<std::uint64_t>(checked_integer(cell));
    } else {
        state.key = reinterpret_cast<std::uintptr_t>(keys.keep(to_value(cell)));
    }
    state.link.store(RelationState::resident_bit, std::memory_order_relaxed);
}

template <Cell C>
void store_null(const C& cell, const ColumnSlot& slot, void* at) {
    if (!slot.takes_null()) refuse_null(place(cell));
    if (slot.access != nullptr) return slot.access->reset(at);
    auto& state = *static_cast<RelationState*>(at);
    state.key = 0;
    state.link.store(RelationState::resident_bit | RelationState::loaded_bit | RelationState::null_key,
                     std::memory_order_relaxed);
}

/// Decodes `cell` into the member at `at`, which `slot` describes, and overwrites what it held.
template <Cell C>
void decode_member(const C& cell, const ColumnSlot& slot, void* at, KeyStore& keys) {
    if (is_null(cell)) return store_null(cell, slot, at);
    if (slot.to_one) return store_key(cell, *static_cast<RelationState*>(at), keys);
    if (slot.access != nullptr) at = slot.access->engage(at);
    store_value(cell, slot, at);
}

} // namespace kith::backend
