#pragma once

#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/check/value_shape.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// Conditions checked at compile time: the path of each, the lookup at its end, the type of its value. The checks are
/// plain constexpr functions over the descriptions of models; text is made only for what is wrong.
namespace kith::detail {

// ---- whether a value fits a column

constexpr bool is_real(ColumnType type) { return type == ColumnType::float32 || type == ColumnType::float64; }
constexpr bool is_number(ColumnType type) { return is_integer(type) || is_real(type) || type == ColumnType::decimal; }
constexpr bool is_time(ColumnType type) {
    return type == ColumnType::date || type == ColumnType::timestamp || type == ColumnType::local_timestamp;
}

/// Whether one value of `shape` can be compared with the column, by an order or for equality. Text stands for values
/// that are written as text; whole numbers stand for all numbers.
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
    other_query,
    other_field,
    not_writable,
};

struct ConditionVerdict {
    ConditionFault fault{ConditionFault::none};
    Resolved left{};
    Resolved right{}; ///< of another field on the right-hand side
};

constexpr bool is_text_lookup(Lookup lookup) {
    return (lookup >= Lookup::iexact && lookup <= Lookup::iendswith) || lookup == Lookup::regex ||
           lookup == Lookup::iregex;
}

constexpr bool is_row_of_target(const Resolved& found, const ValueShape& shape) {
    return shape.kind == ShapeKind::row && (found.is_relation() || found.raw_key) &&
           target_of(*found.last.member).type == shape.type;
}

/// The rows of a QuerySet against a relation to their model, or their keys against a column of that type.
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

constexpr ConditionFault judge_plain_lookup(const Resolved& found, Lookup lookup, const ValueShape& shape) {
    if (shape.list || shape.pair) return ConditionFault::takes_one;
    if (is_text_lookup(lookup)) {
        const Member column = value_column(found.last);
        if (column.member == nullptr ||
            (column.member->type != ColumnType::text && column.member->type != ColumnType::json)) {
            return ConditionFault::text_columns_only;
        }
        return shape.kind == ShapeKind::text ? ConditionFault::none : ConditionFault::takes_text;
    }
    if (lookup >= Lookup::year) {
        if (found.is_relation() || !is_time(found.last.member->type)) return ConditionFault::date_columns_only;
        return shape.kind == ShapeKind::integer ? ConditionFault::none : ConditionFault::takes_integer;
    }
    if (shape.kind == ShapeKind::null) {
        if (lookup != Lookup::exact) return ConditionFault::value_type;
        return found.nullable || found.hops > 0 || found.is_relation() ? ConditionFault::none
                                                                       : ConditionFault::never_null;
    }
    return judge_single(found, shape, lookup != Lookup::exact);
}

constexpr ConditionFault judge_value(const Resolved& found, const ValueShape& shape) {
    const Lookup lookup = found.lookup.empty() ? Lookup::exact : find_lookup(found.lookup)->lookup;
    switch (lookup) {
    case Lookup::isnull:
        return shape.kind == ShapeKind::boolean && !shape.list && !shape.pair ? ConditionFault::none
                                                                              : ConditionFault::takes_bool;
    case Lookup::in:
        if (!shape.list) return ConditionFault::takes_list;
        return shape.query ? judge_query(found, shape) : judge_single(found, shape, false);
    case Lookup::range: return shape.pair ? judge_single(found, shape, true) : ConditionFault::takes_pair;
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
                             .right = resolve(model, other, PathUse::values)};
    if (verdict.left.fault != LookupFault::none) {
        verdict.fault = ConditionFault::path;
    } else if (verdict.right.fault != LookupFault::none) {
        verdict.fault = ConditionFault::other_path;
    } else if (!comparable(value_column(verdict.left.last), value_column(verdict.right.last))) {
        verdict.fault = ConditionFault::other_field;
    }
    return verdict;
}

/// Whether the condition only names a column of the model itself, as `update` and `defaults` need it.
constexpr ConditionVerdict judge_target(const CheckedModel& model, std::string_view path) {
    ConditionVerdict verdict{.left = resolve(model, path, PathUse::assignment)};
    if (verdict.left.fault != LookupFault::none) {
        verdict.fault = ConditionFault::path;
    } else if (!has_column(verdict.left.last.member->kind) || verdict.left.last.member->generated) {
        verdict.fault = ConditionFault::not_writable;
    }
    return verdict;
}

/// `"name"_f = value` in `update`, `defaults` and the like.
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

// ---- what a plain literal has wrong

} // namespace kith::detail

/// Functions that are never defined: a lookup that is wrong calls one while it is compiled, so that the compiler's
/// message names it, with the model that the wrong part of the lookup belongs to.
namespace kith::wrong_lookup {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class Model, detail::Text... Members>
void the_lookup_names_no_member_of(std::string_view part);
template <class Model>
void the_lookup_goes_on_behind_a_column_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_relation_but_names_a_column_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_column_but_names_a_slot_of(std::string_view part);
template <class Model>
void select_related_takes_single_rows_but_the_lookup_names_a_set_of(std::string_view part);
template <class Model>
void only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of(std::string_view part);
template <class Model>
void the_lookup_leads_through_a_relation_to_an_annotation_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_column_but_names_a_set_of(std::string_view part);
template <class Model>
void the_lookup_goes_on_behind_a_generic_foreign_key_or_leads_there_in_sql_of(std::string_view part);
template <class Model>
void pk_cannot_stand_for_the_several_columns_of_the_key_of(std::string_view part);
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

} // namespace kith::wrong_lookup

namespace kith::detail {

template <class M>
struct MemberList {
    static consteval Sentence say() {
        Sentence s; // from the names alone: the description is not complete yet where this is needed
        for (const std::string_view name : member_names<M>) s << (s.size == 0 ? "" : ", ") << name;
        return s;
    }
    static constexpr Sentence sentence = say();
};

template <class M, std::size_t... I>
constexpr void complain_of_no_member(std::string_view part, std::index_sequence<I...>) {
    constexpr auto begins = begin_texts<sizeof...(I)>(MemberList<M>::sentence);
    wrong_lookup::the_lookup_names_no_member_of<M, Text<text_size(MemberList<M>::sentence, begins[I])>(
                                                       MemberList<M>::sentence, begins[I])...>(part);
}

template <class M>
constexpr void complain_now(LookupFault fault, std::string_view part) {
    switch (fault) {
    case LookupFault::no_member:
        complain_of_no_member<M>(part, std::make_index_sequence<count_texts(MemberList<M>::sentence)>{});
        break;
    case LookupFault::column_has_no_members: wrong_lookup::the_lookup_goes_on_behind_a_column_of<M>(part); break;
    case LookupFault::column_is_no_relation:
        wrong_lookup::the_lookup_needs_a_relation_but_names_a_column_of<M>(part);
        break;
    case LookupFault::slot_is_no_column: wrong_lookup::the_lookup_needs_a_column_but_names_a_slot_of<M>(part); break;
    case LookupFault::set_in_select_related:
        wrong_lookup::select_related_takes_single_rows_but_the_lookup_names_a_set_of<M>(part);
        break;
    case LookupFault::not_lazy:
        wrong_lookup::only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of<M>(part);
        break;
    case LookupFault::annotation_of_other:
        wrong_lookup::the_lookup_leads_through_a_relation_to_an_annotation_of<M>(part);
        break;
    case LookupFault::through_generic:
        wrong_lookup::the_lookup_goes_on_behind_a_generic_foreign_key_or_leads_there_in_sql_of<M>(part);
        break;
    case LookupFault::no_single_key:
        wrong_lookup::pk_cannot_stand_for_the_several_columns_of_the_key_of<M>(part);
        break;
    default: wrong_lookup::the_lookup_needs_a_column_but_names_a_set_of<M>(part);
    }
}

/// Descriptions point at this function, so it is compiled, but it only acts in constant expressions: a program never
/// refers to the functions that do not exist.
template <class M>
constexpr void complain(LookupFault fault, std::string_view part) {
    if (__builtin_is_constant_evaluated()) complain_now<M>(fault, part);
}

/// Stops a constant evaluation when `path` is wrong.
constexpr void check_path(const CheckedModel& model, std::string_view path, PathUse use) {
    const Resolved found = resolve(model, path, use);
    if (found.fault != LookupFault::none) found.model->complain(found.fault, found.part);
}

} // namespace kith::detail
