#pragma once

#include <kith/detail/core/operations.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The types of computed values. The checks at compile time and the engine share these rules, so that a value has the
/// same type, and the same meaning, on every database.
namespace kith::detail {

/// The integers of 64 bits that a column of an integer type can hold.
struct IntegerRange {
    std::int64_t least{INT64_MIN};
    std::int64_t most{INT64_MAX};
};
constexpr IntegerRange range_of(ColumnType type) {
    switch (type) {
    case ColumnType::int8: return {INT8_MIN, INT8_MAX};
    case ColumnType::int16: return {INT16_MIN, INT16_MAX};
    case ColumnType::int32: return {INT32_MIN, INT32_MAX};
    case ColumnType::uint8: return {0, UINT8_MAX};
    case ColumnType::uint16: return {0, UINT16_MAX};
    case ColumnType::uint32: return {0, UINT32_MAX};
    case ColumnType::uint64: return {0, INT64_MAX};
    default: return {};
    }
}

/// What is known of a computed value.
struct ValueType {
    ColumnType type{ColumnType::any}; ///< any: known when the statement is made
    std::string_view enumeration{};   ///< the enum, if it is one
    bool nullable{false};
    bool constant{false}; ///< a value of the program, which takes the type of what it is combined with
    bool null{false};     ///< the constant NULL

    constexpr bool is_known() const { return type != ColumnType::any; }
};

enum class ValueFault : std::uint8_t {
    none,
    path,
    needs_numbers,
    unsigned_number,
    decimal_with_real,
    decimal_quotient,
    needs_text,
    different_types,
    no_value, ///< a row, a list or the like
};

struct ValueVerdict {
    ValueFault fault{ValueFault::none};
    ValueType is{};
};

constexpr std::string_view name_of(ValueKind kind) {
    constexpr std::string_view names[]{"a column", "a value", "+",      "-",    "*",   "/",        "Coalesce",
                                       "Lower",    "Upper",   "Length", "Case", "Now", "OuterRef", "a condition"};
    return names[static_cast<std::size_t>(kind)];
}

constexpr bool is_plain_number(const ValueType& value) { return is_number(value.type) && value.enumeration.empty(); }

/// What is wrong with one number that is computed with.
constexpr ValueFault judge_number(const ValueType& value) {
    if (!value.is_known() || value.null) return ValueFault::none;
    if (!is_plain_number(value)) return ValueFault::needs_numbers;
    return value.type == ColumnType::uint64 ? ValueFault::unsigned_number : ValueFault::none;
}

/// The type of numbers of both types together: std::int64_t, double or Decimal.
constexpr ValueVerdict common_number(ColumnType a, ColumnType b) {
    const bool decimal = a == ColumnType::decimal || b == ColumnType::decimal;
    const bool real = is_real(a) || is_real(b);
    if (decimal && real) return {.fault = ValueFault::decimal_with_real};
    return {.is = {.type = decimal ? ColumnType::decimal : real ? ColumnType::float64 : ColumnType::int64}};
}

/// `a + b` and the like. Two integers give an integer, also when they are divided; the quotient by 0 is NULL.
constexpr ValueVerdict judge_arithmetic(ValueKind kind, const ValueType& a, const ValueType& b) {
    const bool nullable = a.nullable || b.nullable || kind == ValueKind::divide;
    if (!a.is_known() || !b.is_known() || a.null || b.null) return {.is = {.nullable = nullable}};
    ValueVerdict verdict = common_number(a.type, b.type);
    verdict.is.nullable = nullable;
    if (kind == ValueKind::divide && verdict.is.type == ColumnType::decimal) {
        verdict.fault = ValueFault::decimal_quotient;
    }
    return verdict;
}

/// Whether the value is the name of an enumerator for a column that holds those. The compiler has checked the enum.
constexpr bool names_enumerator(ColumnType type, const ValueType& value) {
    return type == ColumnType::enumeration && value.type == ColumnType::text && value.constant;
}

/// One of two values, as Coalesce and Case have it.
constexpr ValueVerdict judge_choice(const ValueType& a, const ValueType& b) {
    const bool nullable = a.nullable || b.nullable;
    const auto typed = [&](const ValueType& value) {
        ValueVerdict verdict{.is = value};
        verdict.is.nullable = nullable;
        verdict.is.constant = a.constant && b.constant;
        verdict.is.null = a.null && b.null;
        return verdict;
    };
    if (a.null || b.null) return typed(a.null ? b : a);
    if (!a.is_known() || !b.is_known()) return typed({});
    if (a.enumeration != b.enumeration) return {.fault = ValueFault::different_types};
    if (a.type == b.type) return typed(a);
    if (names_enumerator(b.type, a)) return typed(b);
    if (names_enumerator(a.type, b)) return typed(a);
    if (is_integer(a.type) && is_integer(b.type)) {
        if (a.constant != b.constant) return typed(a.constant ? b : a);
        if (a.type == ColumnType::uint64 || b.type == ColumnType::uint64) return {.fault = ValueFault::unsigned_number};
    }
    if (!is_number(a.type) || !is_number(b.type)) return {.fault = ValueFault::different_types};
    const ValueVerdict verdict = common_number(a.type, b.type);
    return verdict.fault == ValueFault::none ? typed(verdict.is) : verdict;
}

/// `Lower(a)` and the like.
constexpr ValueVerdict judge_text_function(ValueKind kind, const ValueType& a) {
    const ValueType result{.type = kind == ValueKind::length ? ColumnType::int64 : ColumnType::text,
                           .nullable = a.nullable};
    const bool text = !a.is_known() || (a.type == ColumnType::text && a.enumeration.empty());
    return {.fault = text ? ValueFault::none : ValueFault::needs_text, .is = result};
}

/// Whether the value can be compared with a column of type `type`.
constexpr bool is_comparable(ColumnType type, std::string_view enumeration, const ValueType& value) {
    if (!value.is_known() || type == ColumnType::any) return true;
    if (value.enumeration != enumeration) return false;
    if (is_number(type) && is_number(value.type)) return common_number(type, value.type).fault == ValueFault::none;
    return (type == value.type && type != ColumnType::json) || names_enumerator(type, value);
}

/// Whether a column of type `type` takes the value without rounding it. An integer may still be beyond its range.
constexpr bool takes(ColumnType type, std::string_view enumeration, const ValueType& value) {
    if (!value.is_known() || type == ColumnType::any) return true;
    if (value.enumeration != enumeration || type == ColumnType::json) return false;
    if (is_integer(type)) return is_integer(value.type);
    if (is_real(type)) return is_integer(value.type) || is_real(value.type);
    if (type == ColumnType::decimal) return is_integer(value.type) || value.type == ColumnType::decimal;
    return type == value.type || names_enumerator(type, value);
}

constexpr bool is_time(ColumnType type) {
    return type == ColumnType::date || type == ColumnType::timestamp || type == ColumnType::local_timestamp;
}

/// Whether columns of this type have an order in every database.
constexpr bool is_ordered(ColumnType type) { return is_number(type) || is_time(type) || type == ColumnType::text; }

/// Whether an Annotation of type `slot` can hold a value of type `type`.
constexpr bool can_hold(ColumnType slot, ColumnType type) {
    return slot == type || (is_integer(slot) && is_integer(type)) || (is_real(slot) && is_real(type));
}

} // namespace kith::detail
