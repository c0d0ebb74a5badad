#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/condition_rules.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/check/values_list.hpp>
#include <kith/detail/core/operations.hpp>
#include <kith/detail/reflect/fixed_string.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

/// Checks aggregates at compile time: the path, the type of its column, and the Annotation that takes the result.
namespace kith::detail {

enum class AggregateFault : std::uint8_t {
    none,
    path,
    numbers_only,
    ordered_only,
    set_needed,
    relation_is_no_value,
    no_slot,
    slot_is_no_annotation,
    slot_type,
    slot_never_null,
};

struct AggregateVerdict {
    AggregateFault fault{AggregateFault::none};
    Resolved found{};
    Member slot{};
};

/// Returns the type of the result of `function` for a column of type `type`.
constexpr ColumnType result_type(AggregateFunction function, ColumnType type) {
    switch (function) {
    case AggregateFunction::count: return ColumnType::int64;
    case AggregateFunction::sum:
        return is_integer(type) ? ColumnType::int64 : is_real(type) ? ColumnType::float64 : type;
    case AggregateFunction::avg: return ColumnType::float64;
    default: return type;
    }
}

constexpr AggregateVerdict judge_aggregate(const CheckedModel& model, AggregateFunction function,
                                           std::string_view path) {
    AggregateVerdict verdict{.found = resolve(model, path, PathUse::aggregate)};
    if (verdict.found.fault != LookupFault::none) {
        verdict.fault = AggregateFault::path;
    } else if (function != AggregateFunction::count) {
        const Member column = value_column(verdict.found.last);
        const bool numbers = function == AggregateFunction::sum || function == AggregateFunction::avg;
        if (verdict.found.is_relation()) {
            verdict.fault = AggregateFault::relation_is_no_value;
        } else if (numbers && (!is_number(column.member->type) || !column.check().enumeration.empty())) {
            verdict.fault = AggregateFault::numbers_only;
        } else if (!is_ordered(column.member->type)) {
            verdict.fault = AggregateFault::ordered_only;
        }
    }
    return verdict;
}

/// As judge_aggregate(), but the path must lead through a set.
constexpr AggregateVerdict judge_annotated(const CheckedModel& model, AggregateFunction function,
                                           std::string_view path) {
    AggregateVerdict verdict = judge_aggregate(model, function, path);
    if (verdict.fault == AggregateFault::none && !verdict.found.many) verdict.fault = AggregateFault::set_needed;
    return verdict;
}

constexpr AggregateVerdict judge_annotation(const CheckedModel& model, std::string_view slot,
                                            AggregateFunction function, std::string_view path) {
    AggregateVerdict verdict;
    if (!path.empty()) verdict = judge_annotated(model, function, path);
    if (verdict.fault != AggregateFault::none) return verdict;
    verdict.slot = {&model, find_member(model, slot)};
    if (verdict.slot.member == nullptr) {
        verdict.fault = AggregateFault::no_slot;
    } else if (verdict.slot.member->kind != MemberKind::annotation) {
        verdict.fault = AggregateFault::slot_is_no_annotation;
    } else if (function != AggregateFunction::count && !verdict.slot.member->nullable) {
        verdict.fault = AggregateFault::slot_never_null;
    } else if (!path.empty()) {
        const Member column = value_column(verdict.found.last);
        const ColumnType type = function == AggregateFunction::count ? ColumnType::int64 : column.member->type;
        if (!can_hold(verdict.slot.member->type, result_type(function, type)))
            verdict.fault = AggregateFault::slot_type;
    }
    return verdict;
}

constexpr Sentence describe_aggregate_fault(const AggregateVerdict& wrong, const CheckedModel& model,
                                            AggregateFunction function, std::string_view path, std::string_view slot) {
    Sentence s;
    s << "kith: ";
    switch (wrong.fault) {
    case AggregateFault::none: break;
    case AggregateFault::path: say_path_fault(s, wrong.found, path); break;
    case AggregateFault::numbers_only:
        say_kind(s, wrong.found);
        s << ", and " << name_of(function) << " takes numbers";
        break;
    case AggregateFault::ordered_only:
        say_kind(s, wrong.found);
        s << ", and " << name_of(function) << " takes numbers, text, dates and times";
        break;
    case AggregateFault::relation_is_no_value:
        say_kind(s, wrong.found);
        s << ", and " << name_of(function) << " takes a column: name one behind it";
        break;
    case AggregateFault::set_needed:
        s << "`" << path << "` leads to one value per row: annotate() takes an aggregate over a set, aggregate() one "
          << "over all rows";
        break;
    case AggregateFault::no_slot:
        s << model.name << " has no member `" << slot << "` for the result of " << name_of(function)
          << ": declare a kith::Annotation<...> " << slot << "{}";
        break;
    case AggregateFault::slot_is_no_annotation:
        say_member(s, wrong.slot);
        s << " is no kith::Annotation, which annotate() could fill";
        break;
    case AggregateFault::slot_never_null:
        say_member(s, wrong.slot);
        s << " cannot be NULL, but " << name_of(function)
          << " of nothing is: declare it as a kith::Annotation<std::optional<...>>";
        break;
    case AggregateFault::slot_type:
        say_member(s, wrong.slot);
        s << " holds a " << column_word(wrong.slot) << " and cannot take " << name_of(function) << " of `" << path
          << "`";
        break;
    }
    return s;
}

template <class M, AggregateFunction Function, FixedString Over>
struct WrongAggregate {
    static constexpr Sentence sentence = describe_aggregate_fault(
        judge_aggregate(description<M>, Function, Over.view()), description<M>, Function, Over.view(), {});
};
template <class M, AggregateFunction Function, FixedString Over>
struct WrongAnnotated {
    static constexpr Sentence sentence = describe_aggregate_fault(
        judge_annotated(description<M>, Function, Over.view()), description<M>, Function, Over.view(), {});
};
template <class M, FixedString Slot, AggregateFunction Function, FixedString Over>
struct WrongAnnotation {
    static constexpr Sentence sentence =
        describe_aggregate_fault(judge_annotation(description<M>, Slot.view(), Function, Over.view()), description<M>,
                                 Function, Over.view(), Slot.view());
};

template <class Says, AggregateFault Fault>
consteval bool right_or_stop() {
    if constexpr (Fault == AggregateFault::none) {
        return true;
    } else {
        return stop<Says>();
    }
}

/// Whether aggregate() can compute this for rows of `M`. If not, naming this stops the compiler.
template <class M, AggregateFunction Function, FixedString Over>
inline constexpr bool aggregate_ok =
    right_or_stop<WrongAggregate<M, Function, Over>, judge_aggregate(description<M>, Function, Over.view()).fault>();
/// Whether annotate() can compute it, if the slot is known only at run time.
template <class M, AggregateFunction Function, FixedString Over>
inline constexpr bool annotated_aggregate_ok =
    right_or_stop<WrongAnnotated<M, Function, Over>, judge_annotated(description<M>, Function, Over.view()).fault>();
/// Whether annotate() can compute it for the Annotation `Slot`.
template <class M, FixedString Slot, AggregateFunction Function, FixedString Over>
inline constexpr bool annotation_ok =
    right_or_stop<WrongAnnotation<M, Slot, Function, Over>,
                  judge_annotation(description<M>, Slot.view(), Function, Over.view()).fault>();

/// The type that aggregate() returns: a number for Count, else a std::optional, which is empty without values.
template <class M, AggregateFunction Function, FixedString Over>
struct AggregateResult {
    static consteval auto find() {
        if constexpr (Function == AggregateFunction::count) {
            return std::type_identity<std::int64_t>{};
        } else if constexpr (Function == AggregateFunction::avg) {
            return std::type_identity<std::optional<double>>{};
        } else if constexpr (Over.view().empty()) {
            static_assert(
                !Over.view().empty(),
                "kith: the type of this aggregate comes from its column, so aggregate() needs a literal path");
        } else if constexpr (judge_aggregate(description<M>, Function, Over.view()).fault != AggregateFault::none) {
            return std::type_identity<int>{}; // aggregate_ok says what is wrong
        } else {
            using Stored = typename decltype(value_type_at<M, Over, 0>())::type;
            if constexpr (Function == AggregateFunction::sum && std::is_integral_v<Stored>) {
                return std::type_identity<std::optional<std::int64_t>>{};
            } else if constexpr (Function == AggregateFunction::sum && std::is_floating_point_v<Stored>) {
                return std::type_identity<std::optional<double>>{};
            } else {
                return std::type_identity<std::optional<Stored>>{};
            }
        }
    }
    using type = typename decltype(find())::type;
};

} // namespace kith::detail
