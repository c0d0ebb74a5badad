#pragma once

#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/value_shape.hpp>
#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/row_operand.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Converts values and rows to the types of the core: operands of conditions, arguments of sets, parameters of raw
/// statements.
namespace kith::detail {

// ---- values

inline Value to_value(std::nullptr_t) { return {}; }
inline Value to_value(std::nullopt_t) { return {}; }

/// Returns `value` as a Value: an empty std::optional becomes NULL, an enum its integer or name. `T` has a shape that
/// was checked.
template <class T>
Value to_value(const T& value) {
    if constexpr (is_optional<T>) {
        return value ? to_value(*value) : Value{};
    } else if constexpr (is_column<T>) {
        return to_value(value_of(value));
    } else if constexpr (std::is_same_v<T, bool>) {
        return Value(std::in_place_type<bool>, value);
    } else if constexpr (NamedEnum<T>) {
        return Value(std::in_place_type<std::string>, name_of_enum(enum_table<T>, &value, type_name<T>()));
    } else if constexpr (std::is_enum_v<T>) {
        return to_value(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
        if (std::cmp_greater(value, INT64_MAX)) {
            return Value(std::in_place_type<std::uint64_t>, static_cast<std::uint64_t>(value));
        }
        return Value(std::in_place_type<std::int64_t>, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        return Value(std::in_place_type<double>, static_cast<double>(value));
    } else if constexpr (TextLike<T>) {
        const std::string_view text = value;
        return Value(std::in_place_type<std::string>, text);
    } else if constexpr (BytesLike<T>) {
        return Value(std::in_place_type<std::vector<std::byte>>, value.begin(), value.end());
    } else if constexpr (std::is_same_v<T, std::chrono::year_month_day>) {
        return Value(std::in_place_type<Date>, Date(value));
    } else if constexpr (is_time_point<T> && !std::is_same_v<T, Date>) {
        return Value(std::in_place_type<Timestamp>, Timestamp(value));
    } else if constexpr (is_local_time<T>) {
        return Value(std::in_place_type<LocalTimestamp>, LocalTimestamp(value));
    } else {
        return Value(std::in_place_type<T>, value);
    }
}

/// Returns `value` as a `K`, the type of a key.
template <class K>
K from_value(const Value& value) {
    if constexpr (std::is_same_v<K, bool>) {
        return std::get<bool>(value);
    } else if constexpr (std::is_integral_v<K>) {
        if (const auto* large = std::get_if<std::uint64_t>(&value)) return static_cast<K>(*large);
        return static_cast<K>(std::get<std::int64_t>(value));
    } else if constexpr (NamedEnum<K>) {
        K key{};
        enum_table<K>.store(&key, std::get<std::string>(value));
        return key;
    } else if constexpr (std::is_enum_v<K>) {
        return static_cast<K>(from_value<std::underlying_type_t<K>>(value));
    } else if constexpr (std::is_floating_point_v<K>) {
        return static_cast<K>(std::get<double>(value));
    } else {
        return std::get<K>(value);
    }
}

/// Returns the parameters of a raw statement.
template <class... P>
std::vector<Value> raw_parameters(const P&... parameters) {
    static_assert(((shape_of<std::decay_t<const P&>>.kind != ShapeKind::unsupported &&
                    shape_of<std::decay_t<const P&>>.kind != ShapeKind::row && !shape_of<std::decay_t<const P&>>.list &&
                    !shape_of<std::decay_t<const P&>>.pair) &&
                   ...),
                  "kith: a parameter of a raw statement is a value that a column could hold, or nullptr");
    std::vector<Value> values;
    values.reserve(sizeof...(P));
    (values.push_back(to_value<std::decay_t<const P&>>(parameters)), ...);
    return values;
}

// ---- rows

/// Returns the address of a row, which is given as a Ref, a pointer or the row itself.
template <class T>
const void* row_address(const T& row) {
    if constexpr (is_ref<T>) {
        return row.get();
    } else if constexpr (std::is_pointer_v<T>) {
        return row;
    } else {
        return &row;
    }
}

template <class T>
struct RowModel {
    using type = T;
};
template <class M>
struct RowModel<Ref<M>> {
    using type = M;
};
template <class M>
struct RowModel<M*> {
    using type = std::remove_cv_t<M>;
};
/// The model of a row, a Ref or a pointer.
template <class T>
using row_model = typename RowModel<T>::type;

template <class T>
Operand to_operand(const T& value) {
    constexpr ValueShape shape = shape_of<T>;
    if constexpr (shape.query) {
        return Operand(value.handle().query());
    } else if constexpr (shape.kind == ShapeKind::row && shape.list) {
        std::vector<const void*> rows;
        for (const auto& row : value) rows.push_back(row_address(row));
        return rows_operand(model<row_model<list_value<T>>>(), rows);
    } else if constexpr (shape.kind == ShapeKind::row && !shape.pair) {
        const void* row = row_address(value);
        return row == nullptr ? Operand(Value{}) : row_operand(model<row_model<T>>(), row);
    } else if constexpr (shape.kind == ShapeKind::unsupported || shape.kind == ShapeKind::row) {
        return {}; // the condition that holds it does not compile
    } else if constexpr (shape.pair) {
        return Operand(std::pair<Value, Value>(to_value(value.first), to_value(value.second)));
    } else if constexpr (shape.list) {
        std::vector<Value> values;
        for (const auto& element : value) values.push_back(to_value(static_cast<const list_value<T>&>(element)));
        return Operand(std::move(values));
    } else {
        return Operand(to_value(value));
    }
}

/// Returns `value` as a row of `M` or its key; as `writable` if the caller may change the row.
template <class M, class U>
RowOrKey to_row_or_key(U& value) {
    using V = std::remove_const_t<U>;
    if constexpr (std::is_same_v<V, M>) {
        if constexpr (std::is_const_v<U>)
            return {.row = &value};
        else
            return {.row = &value, .writable = &value};
    } else if constexpr (is_ref<V>) {
        return {.row = value.get(), .writable = value.get()};
    } else if constexpr (std::is_same_v<V, M*>) {
        return {.row = value, .writable = value};
    } else if constexpr (std::is_same_v<V, const M*>) {
        return {.row = value};
    } else {
        return {.key = to_value(value)};
    }
}

} // namespace kith::detail
