#pragma once

#include <kith/detail/reflect/describe.hpp>
#include <kith/model.hpp>
#include <kith/ref.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Classifies the types of values on the right-hand side of conditions, for the checks.
namespace kith {

template <class M>
class QuerySet;

namespace detail {

enum class ShapeKind : std::uint8_t {
    unsupported,
    null,
    boolean,
    integer,
    floating,
    text,
    bytes,
    date,
    timestamp,
    local_timestamp,
    uuid,
    decimal,
    json,
    enumeration,
    row,
};

/// What the checks know of the type of a value.
struct ValueShape {
    ShapeKind kind{ShapeKind::unsupported};
    bool list{false};                ///< a range of such values
    bool pair{false};                ///< a std::pair of such values
    bool query{false};               ///< a QuerySet of such rows
    std::string_view type{};         ///< the name of the enum, or of the struct of a row
    DescribeModel describe{nullptr}; ///< the model of a QuerySet
};

template <class T>
struct Unwrapped {
    using type = T;
};
template <class T>
struct Unwrapped<PrimaryKey<T>> : Unwrapped<T> {};
template <class T, auto... Options>
struct Unwrapped<Field<T, Options...>> : Unwrapped<T> {};
template <class T>
struct Unwrapped<Annotation<T>> : Unwrapped<T> {};
template <class T, auto... Options>
struct Unwrapped<Lazy<T, Options...>> : Unwrapped<T> {};
template <class T>
struct Unwrapped<std::optional<T>> : Unwrapped<T> {};
/// `T` without PrimaryKey, Field, Lazy, Annotation and std::optional around it.
template <class T>
using unwrapped = typename Unwrapped<T>::type;

template <class T>
inline constexpr bool is_query_set = false;
template <class M>
inline constexpr bool is_query_set<QuerySet<M>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

template <class T>
inline constexpr bool is_time_point = false;
template <class D>
inline constexpr bool is_time_point<std::chrono::time_point<std::chrono::system_clock, D>> =
    std::ratio_greater_equal_v<typename D::period, std::micro>;

template <class T>
inline constexpr bool is_local_time = false;
template <class D>
inline constexpr bool is_local_time<std::chrono::time_point<std::chrono::local_t, D>> =
    std::ratio_greater_equal_v<typename D::period, std::micro>;

template <class T> concept TextLike = std::is_convertible_v<const T&, std::string_view>;
template <class T>
concept BytesLike = std::is_same_v<T, std::vector<std::byte>> || std::is_same_v<T, std::span<const std::byte>> ||
                    std::is_same_v<T, std::span<std::byte>>;
template <class T>
concept ListLike = !TextLike<T> && !BytesLike<T> && !is_query_set<T> && requires(const T& list) {
    std::begin(list);
    std::end(list);
};

template <ListLike T>
using list_value = std::remove_cvref_t<decltype(*std::begin(std::declval<const T&>()))>;

/// The shape of a single value.
template <class T>
consteval ValueShape single_shape() {
    using V = unwrapped<T>;
    if constexpr (std::is_same_v<V, std::nullptr_t> || std::is_same_v<V, std::nullopt_t>)
        return {ShapeKind::null};
    else if constexpr (std::is_same_v<V, bool>)
        return {ShapeKind::boolean};
    else if constexpr (std::is_enum_v<V> && !std::is_same_v<V, std::byte>) {
        return {.kind = ShapeKind::enumeration, .type = type_name<V>()};
    } else if constexpr (std::is_integral_v<V> && !is_character<V>)
        return {ShapeKind::integer};
    else if constexpr (std::is_floating_point_v<V>)
        return {ShapeKind::floating};
    else if constexpr (TextLike<V>)
        return {ShapeKind::text};
    else if constexpr (BytesLike<V>)
        return {ShapeKind::bytes};
    else if constexpr (std::is_same_v<V, Date> || std::is_same_v<V, std::chrono::year_month_day>) {
        return {ShapeKind::date};
    } else if constexpr (is_time_point<V>)
        return {ShapeKind::timestamp};
    else if constexpr (is_local_time<V>)
        return {ShapeKind::local_timestamp};
    else if constexpr (std::is_same_v<V, Uuid>)
        return {ShapeKind::uuid};
    else if constexpr (std::is_same_v<V, Decimal>)
        return {ShapeKind::decimal};
    else if constexpr (std::is_same_v<V, Json>)
        return {ShapeKind::json};
    else if constexpr (is_ref<V>)
        return {.kind = ShapeKind::row, .type = type_name<typename V::Model>()};
    else if constexpr (std::is_pointer_v<V> && std::is_class_v<std::remove_pointer_t<V>>) {
        return {.kind = ShapeKind::row, .type = type_name<std::remove_cv_t<std::remove_pointer_t<V>>>()};
    } else if constexpr (std::is_class_v<V> && std::is_aggregate_v<V>) {
        return {.kind = ShapeKind::row, .type = type_name<V>()};
    } else
        return {};
}

template <class T>
consteval ValueShape make_shape() {
    if constexpr (is_query_set<T>) {
        using M = typename T::Model;
        return {.kind = ShapeKind::row, .list = true, .query = true, .type = type_name<M>(), .describe = &describe<M>};
    } else if constexpr (is_pair<T>) {
        constexpr ValueShape first = single_shape<typename T::first_type>();
        constexpr ValueShape second = single_shape<typename T::second_type>();
        if constexpr (first.kind != second.kind || first.type != second.type) return {.pair = true};
        return {.kind = first.kind, .pair = true, .type = first.type};
    } else if constexpr (ListLike<T>) {
        constexpr ValueShape element = single_shape<list_value<T>>();
        return {.kind = element.kind, .list = true, .type = element.type};
    } else {
        return single_shape<T>();
    }
}
template <class T>
inline constexpr ValueShape shape_of = make_shape<T>();

template <class V>
struct ShownType {
    using type = V;
};
template <ListLike V>
struct ShownType<V> {
    using type = unwrapped<list_value<V>>;
};
template <class M>
struct ShownType<QuerySet<M>> {
    using type = M;
};
template <class M>
struct ShownType<Ref<M>> {
    using type = M;
};
/// The type that messages name for a value of type `V`: the row of a Ref, the elements of a range.
template <class V>
using shown_type = typename ShownType<V>::type;

} // namespace detail
} // namespace kith
