#pragma once

#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/value_shape.hpp>
#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/detail/core/value_view.hpp>

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

inline ValueView view_of(std::nullptr_t) { return {}; }
inline ValueView view_of(std::nullopt_t) { return {}; }

/// Returns `value` as a ValueView: an empty std::optional becomes NULL, an enum its integer or name. `T` has a shape
/// that was checked.
template <class T>
ValueView view_of(const T& value) {
    if constexpr (is_optional<T>) {
        return value ? view_of(*value) : ValueView();
    } else if constexpr (is_column<T>) {
        return view_of(value_of(value));
    } else if constexpr (NamedEnum<T>) {
        return ValueView(name_of_enum(enum_table<T>, &value, type_name<T>()));
    } else if constexpr (std::is_enum_v<T>) {
        return view_of(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        if (std::cmp_greater(value, INT64_MAX)) return ValueView(static_cast<std::uint64_t>(value));
        return ValueView(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        return ValueView(static_cast<double>(value));
    } else if constexpr (TextLike<T>) {
        return ValueView(static_cast<std::string_view>(value));
    } else if constexpr (BytesLike<T>) {
        return ValueView(std::span<const std::byte>(value));
    } else if constexpr (std::is_same_v<T, std::chrono::year_month_day>) {
        return ValueView(Date(value));
    } else if constexpr (is_time_point<T> && !std::is_same_v<T, Date>) {
        return ValueView(Timestamp(value));
    } else if constexpr (is_local_time<T>) {
        return ValueView(LocalTimestamp(value));
    } else {
        return ValueView(value);
    }
}

/// Returns the key of a to-one relation as a `K`. Throws ValueError if it is NULL.
template <class K>
K key_from(const RelationState& state) {
    if constexpr (NamedEnum<K>) {
        K key{};
        enum_table<K>.store(&key, required_key<std::string>(state));
        return key;
    } else if constexpr (std::is_enum_v<K>) {
        return static_cast<K>(key_from<std::underlying_type_t<K>>(state));
    } else if constexpr (std::is_integral_v<K> && !std::is_same_v<K, bool>) {
        return static_cast<K>(required_integer(state));
    } else if constexpr (std::is_floating_point_v<K>) {
        return static_cast<K>(required_key<double>(state));
    } else {
        return required_key<K>(state);
    }
}

/// Returns the parameters of a raw statement.
template <class... P>
ValueList raw_parameters(const P&... parameters) {
    static_assert(((shape_of<std::decay_t<const P&>>.kind != ShapeKind::unsupported &&
                    shape_of<std::decay_t<const P&>>.kind != ShapeKind::row && !shape_of<std::decay_t<const P&>>.list &&
                    !shape_of<std::decay_t<const P&>>.pair) &&
                   ...),
                  "kith: a parameter of a raw statement is a value that a column could hold, or nullptr");
    ValueList values;
    (values.add(view_of<std::decay_t<const P&>>(parameters)), ...);
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
        return {.key = hidden_value(view_of(value))};
    }
}

} // namespace kith::detail
