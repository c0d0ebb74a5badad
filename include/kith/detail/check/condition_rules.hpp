#pragma once

#include <kith/detail/check/path.hpp>
#include <kith/detail/check/value_shape.hpp>
#include <kith/detail/core/value_rules.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// The rules for conditions: for their paths, lookups and types of values. Plain constexpr functions of the
/// descriptions of models; condition_messages.hpp has the messages.
namespace kith::detail {

// ---- whether a value fits a column

/// Whether one value of `shape` can be compared with the column, by order or for equality. A text also fits columns
/// whose values have a text form, an integer fits all columns of numbers.
constexpr bool fits(const Member& column, const ValueShape& shape, bool ordered) {
    if (column.member == nullptr) return false; // a key of several columns: compare with a row
    const ColumnType type = column.member->type;
    if (!column.check().enumeration.empty()) {
        return shape.kind == ShapeKind::enumeration && shape.type == column.check().enumeration;
    }
    switch (shape.kind) {
    case ShapeKind::boolean: return type == ColumnType::boolean;
    case ShapeKind::integer: return is_number(type);
    case ShapeKind::floating: return is_real(type) || (ordered && is_integer(type));
    case ShapeKind::text:
        return type == ColumnType::text || type == ColumnType::uuid || type == ColumnType::decimal ||
               type == ColumnType::json;
    case ShapeKind::bytes: return type == ColumnType::bytes;
    case ShapeKind::date: return is_time(type);
    case ShapeKind::timestamp: return type == ColumnType::timestamp;
    case ShapeKind::local_timestamp: return type == ColumnType::local_timestamp;
    case ShapeKind::uuid: return type == ColumnType::uuid;
    case ShapeKind::decimal: return type == ColumnType::decimal;
    case ShapeKind::json: return type == ColumnType::json;
    default: return false;
    }
}

/// Whether the values of two columns can be compared.
constexpr bool comparable(const Member& a, const Member& b) {
    if (a.member == nullptr || b.member == nullptr) return false;
    if (a.check().enumeration != b.check().enumeration) return false;
    const ColumnType type = a.member->type;
    const ColumnType other = b.member->type;
    if (type == other || (is_number(type) && is_number(other))) return true;
    const bool zoneless = type == ColumnType::local_timestamp || other == ColumnType::local_timestamp;
    return is_time(type) && is_time(other) && (!zoneless || type == ColumnType::date || other == ColumnType::date);
}

// ---- verdicts

enum class ConditionFault : std::uint8_t {
    none,
    path,
    other_path,
    value_type,
    never_null,
    takes_bool,
    takes_list,
    takes_pair,
    takes_one,
    takes_text,
    text_columns_only,
    date_columns_only,
    takes_integer,
    takes_value, ///< not an expression
    other_query,
    other_field,
    not_writable,
};

struct ConditionVerdict {
    ConditionFault fault{ConditionFault::none};
    Resolved left{};
    Resolved right{}; ///< if the right-hand side is another column
};

/// Whether the lookup compares its column with one value of the same type.
constexpr bool compares(FieldLookup lookup) {
    return lookup == FieldLookup::exact || (lookup >= FieldLookup::gt && lookup <= FieldLookup::lte);
}

constexpr bool is_row_of_target(const Resolved& found, const ValueShape& shape) {
    return shape.kind == ShapeKind::row && (found.is_relation() || found.raw_key) &&
           target_of(*found.last.member).type == shape.type;
}

/// Checks the rows of a QuerySet against a relation to their model, or their keys against a column of that type.
constexpr ConditionFault judge_query(const Resolved& found, const ValueShape& shape) {
    if (value_column(found.last).member == nullptr) return ConditionFault::other_query; // a key of several columns
    if (found.is_relation() || found.raw_key) {
        return is_row_of_target(found, shape) ? ConditionFault::none : ConditionFault::other_query;
    }
    const CheckedModel& model = checked_model(shape.describe);
    const Member key = value_column({&model, primary_key_of(model)});
    return comparable(value_column(found.last), key) ? ConditionFault::none : ConditionFault::value_type;
}

constexpr ConditionFault judge_single(const Resolved& found, const ValueShape& shape, bool ordered) {
    if (shape.kind == ShapeKind::row) {
        return !ordered && is_row_of_target(found, shape) ? ConditionFault::none : ConditionFault::value_type;
    }
    const Member column = value_column(found.last);
    return fits(column, shape, ordered) ? ConditionFault::none : ConditionFault::value_type;
}

constexpr ConditionFault judge_plain_lookup(const Resolved& found, FieldLookup lookup, const ValueShape& shape) {
    if (shape.list || shape.pair) return ConditionFault::takes_one;
    if (is_text_lookup(lookup)) {
        const Member column = value_column(found.last);
        if (column.member == nullptr ||
            (column.member->type != ColumnType::text && column.member->type != ColumnType::json)) {
            return ConditionFault::text_columns_only;
        }
        return shape.kind == ShapeKind::text ? ConditionFault::none : ConditionFault::takes_text;
    }
    if (lookup >= FieldLookup::year) {
        if (found.is_relation() || !is_time(found.last.member->type)) return ConditionFault::date_columns_only;
        return shape.kind == ShapeKind::integer ? ConditionFault::none : ConditionFault::takes_integer;
    }
    if (shape.kind == ShapeKind::null) {
        if (lookup != FieldLookup::exact) return ConditionFault::value_type;
        return found.nullable || found.hops > 0 || found.is_relation() ? ConditionFault::none
                                                                       : ConditionFault::never_null;
    }
    return judge_single(found, shape, lookup != FieldLookup::exact);
}

constexpr ConditionFault judge_value(const Resolved& found, const ValueShape& shape) {
    const FieldLookup lookup = found.lookup.empty() ? FieldLookup::exact : find_lookup(found.lookup)->lookup;
    switch (lookup) {
    case FieldLookup::isnull:
        return shape.kind == ShapeKind::boolean && !shape.list && !shape.pair ? ConditionFault::none
                                                                              : ConditionFault::takes_bool;
    case FieldLookup::in:
        if (!shape.list) return ConditionFault::takes_list;
        return shape.query ? judge_query(found, shape) : judge_single(found, shape, false);
    case FieldLookup::range: return shape.pair ? judge_single(found, shape, true) : ConditionFault::takes_pair;
    default: return judge_plain_lookup(found, lookup, shape);
    }
}

constexpr ConditionVerdict judge_condition(const CheckedModel& model, std::string_view path, const ValueShape& shape) {
    ConditionVerdict verdict{.left = resolve(model, path, PathUse::condition)};
    if (verdict.left.fault != LookupFault::none) {
        verdict.fault = ConditionFault::path;
    } else {
        verdict.fault = judge_value(verdict.left, shape);
    }
    return verdict;
}

/// `"stock__lt"_f = "sold"_f`.
constexpr ConditionVerdict judge_fields(const CheckedModel& model, std::string_view path, std::string_view other) {
    ConditionVerdict verdict{.left = resolve(model, path, PathUse::condition),
                             .right = resolve(model, other, PathUse::order)}; // a set means the keys of its rows
    if (verdict.left.fault != LookupFault::none) {
        verdict.fault = ConditionFault::path;
    } else if (verdict.right.fault != LookupFault::none) {
        verdict.fault = ConditionFault::other_path;
    } else if (!comparable(value_column(verdict.left.last), value_column(verdict.right.last))) {
        verdict.fault = ConditionFault::other_field;
    }
    return verdict;
}

/// Checks that `path` is a writable column of the model itself, as `update` and `defaults` need it.
constexpr ConditionVerdict judge_target(const CheckedModel& model, std::string_view path) {
    ConditionVerdict verdict{.left = resolve(model, path, PathUse::assignment)};
    if (verdict.left.fault != LookupFault::none) {
        verdict.fault = ConditionFault::path;
    } else if (!has_column(verdict.left.last.member->kind) || verdict.left.last.member->generated ||
               verdict.left.last.member->row_version) {
        verdict.fault = ConditionFault::not_writable;
    }
    return verdict;
}

/// Checks that `path` is a column that `save` can write by itself.
constexpr ConditionVerdict judge_saved(const CheckedModel& model, std::string_view path) {
    ConditionVerdict verdict = judge_target(model, path);
    if (verdict.fault != ConditionFault::none) return verdict;
    const KeyMembers key = key_members(model);
    for (std::size_t i = 0; i < key.size; ++i) {
        if (key.members[i] == verdict.left.last.member) verdict.fault = ConditionFault::not_writable;
    }
    return verdict;
}

/// `"name"_f = value` in `update` and `defaults`.
constexpr ConditionVerdict judge_assignment(const CheckedModel& model, std::string_view path, const ValueShape& shape) {
    ConditionVerdict verdict = judge_target(model, path);
    if (verdict.fault != ConditionFault::none) return verdict;
    if (shape.kind == ShapeKind::null && !verdict.left.last.member->nullable) {
        verdict.fault = ConditionFault::never_null;
    } else {
        verdict.fault = judge_value(verdict.left, shape);
    }
    return verdict;
}

} // namespace kith::detail
