#pragma once

#include <kith/detail/check/aggregate_check.hpp>
#include <kith/detail/check/value_tree.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Checks aggregates of expressions, and expressions that annotate() computes.
namespace kith::detail {

// ---- aggregates, by what they are computed from

struct ComputedVerdict {
    AggregateVerdict aggregate{};
    TreeVerdict tree{};
};

constexpr AggregateFault judge_argument(AggregateFunction function, const ValueType& argument) {
    if (function == AggregateFunction::count || !argument.is_known()) return AggregateFault::none;
    const bool numbers = function == AggregateFunction::sum || function == AggregateFunction::avg;
    if (numbers && !is_plain_number(argument)) return AggregateFault::numbers_only;
    return is_ordered(argument.type) ? AggregateFault::none : AggregateFault::ordered_only;
}

template <class Tree>
constexpr ComputedVerdict judge_computed_aggregate(const CheckedModel& model, AggregateFunction function,
                                                   bool needs_set) {
    ComputedVerdict verdict{.tree = Tree::judge(model)};
    auto& fault = verdict.aggregate.fault;
    if (verdict.tree.fault != ValueFault::none) {
        fault = AggregateFault::path;
    } else if (fault = judge_argument(function, verdict.tree.whole.is);
               fault == AggregateFault::none && needs_set && !verdict.tree.many && !verdict.tree.open) {
        fault = AggregateFault::set_needed;
    }
    return verdict;
}

template <class Tree>
constexpr ComputedVerdict judge_computed_annotation(const CheckedModel& model, std::string_view slot,
                                                    AggregateFunction function) {
    ComputedVerdict verdict = judge_computed_aggregate<Tree>(model, function, true);
    if (verdict.aggregate.fault != AggregateFault::none) return verdict;
    verdict.aggregate = judge_annotation(model, slot, function, {});
    const ValueType& is = verdict.tree.whole.is;
    if (verdict.aggregate.fault == AggregateFault::none && is.is_known() &&
        !can_hold(verdict.aggregate.slot.member->type, result_type(function, is.type))) {
        verdict.aggregate.fault = AggregateFault::slot_type;
    }
    return verdict;
}

constexpr Sentence describe_computed_fault(const ComputedVerdict& wrong, const CheckedModel& model,
                                           AggregateFunction function, std::string_view slot) {
    const AggregateFault fault = wrong.aggregate.fault;
    const bool of_argument = fault == AggregateFault::numbers_only || fault == AggregateFault::ordered_only;
    if (fault != AggregateFault::path && !of_argument) {
        return describe_aggregate_fault(wrong.aggregate, model, function, "the expression", slot);
    }
    Sentence s;
    s << "kith: ";
    if (fault == AggregateFault::path) {
        say_value_tree_fault(s, wrong.tree);
    } else {
        say_part(s, {.is = wrong.tree.whole.is});
        s << ", and " << name_of(function)
          << (fault == AggregateFault::numbers_only ? " takes numbers" : " takes numbers, text, dates and times");
    }
    return s;
}

template <class M, AggregateFunction Function, class Tree, bool NeedsSet>
struct WrongComputedAggregate {
    static constexpr Sentence sentence = describe_computed_fault(
        judge_computed_aggregate<Tree>(description<M>, Function, NeedsSet), description<M>, Function, {});
};
template <class M, FixedString Slot, AggregateFunction Function, class Tree>
struct WrongComputedAnnotation {
    static constexpr Sentence sentence = describe_computed_fault(
        judge_computed_annotation<Tree>(description<M>, Slot.view(), Function), description<M>, Function, Slot.view());
};

/// The type of a column's values.
template <ColumnType Type>
consteval auto type_of_column() {
    using enum ColumnType;
    if constexpr (Type == boolean)
        return std::type_identity<bool>{};
    else if constexpr (Type == int8)
        return std::type_identity<std::int8_t>{};
    else if constexpr (Type == int16)
        return std::type_identity<std::int16_t>{};
    else if constexpr (Type == int32)
        return std::type_identity<std::int32_t>{};
    else if constexpr (Type == uint8)
        return std::type_identity<std::uint8_t>{};
    else if constexpr (Type == uint16)
        return std::type_identity<std::uint16_t>{};
    else if constexpr (Type == uint32)
        return std::type_identity<std::uint32_t>{};
    else if constexpr (Type == uint64)
        return std::type_identity<std::uint64_t>{};
    else if constexpr (Type == float32)
        return std::type_identity<float>{};
    else if constexpr (Type == float64)
        return std::type_identity<double>{};
    else if constexpr (Type == text)
        return std::type_identity<std::string>{};
    else if constexpr (Type == date)
        return std::type_identity<Date>{};
    else if constexpr (Type == timestamp)
        return std::type_identity<Timestamp>{};
    else if constexpr (Type == local_timestamp)
        return std::type_identity<LocalTimestamp>{};
    else if constexpr (Type == decimal)
        return std::type_identity<Decimal>{};
    else
        return std::type_identity<std::int64_t>{};
}

/// The checks of an aggregate over `Over`: an expression, a literal path, or what is known only at run time.
template <class Over>
struct AggregateCheck {
    template <class M, AggregateFunction Function, bool NeedsSet = false>
    static constexpr bool ok =
        right_or_stop<WrongComputedAggregate<M, Function, Over, NeedsSet>,
                      judge_computed_aggregate<Over>(description<M>, Function, NeedsSet).aggregate.fault>() &&
        Over::template conditions_ok<M>;
    template <class M, AggregateFunction Function>
    static constexpr bool annotated_ok = ok<M, Function, true>;
    template <class M, FixedString Slot, AggregateFunction Function>
    static constexpr bool annotation_ok =
        right_or_stop<WrongComputedAnnotation<M, Slot, Function, Over>,
                      judge_computed_annotation<Over>(description<M>, Slot.view(), Function).aggregate.fault>() &&
        Over::template conditions_ok<M>;

    template <class M, AggregateFunction Function>
    struct Result {
        static consteval auto find() {
            constexpr ValueType argument = Over::judge(description<M>).whole.is;
            if constexpr (Function == AggregateFunction::count) {
                return std::type_identity<std::int64_t>{};
            } else if constexpr (Function == AggregateFunction::avg) {
                return std::type_identity<std::optional<double>>{};
            } else {
                static_assert(argument.is_known() || argument.null,
                              "kith: the type of this aggregate comes from its columns, so aggregate() needs literal "
                              "paths");
                using Stored = typename decltype(type_of_column<result_type(Function, argument.type)>())::type;
                return std::type_identity<std::optional<Stored>>{};
            }
        }
        using type = typename decltype(find())::type;
    };
};
template <FixedString Text>
struct AggregateCheck<ColumnTree<Text>> {
    template <class M, AggregateFunction Function>
    static constexpr bool ok = aggregate_ok<M, Function, Text>;
    template <class M, AggregateFunction Function>
    static constexpr bool annotated_ok = annotated_aggregate_ok<M, Function, Text>;
    template <class M, FixedString Slot, AggregateFunction Function>
    static constexpr bool annotation_ok = detail::annotation_ok<M, Slot, Function, Text>;
    template <class M, AggregateFunction Function>
    using Result = AggregateResult<M, Function, Text>;
};
template <>
struct AggregateCheck<UnknownTree> {
    template <class M, AggregateFunction Function>
    static constexpr bool ok = true;
    template <class M, AggregateFunction Function>
    static constexpr bool annotated_ok = true;
    template <class M, FixedString Slot, AggregateFunction Function>
    static constexpr bool annotation_ok = detail::annotation_ok<M, Slot, Function, "">;
    template <class M, AggregateFunction Function>
    using Result = AggregateResult<M, Function, "">;
};

// ---- annotate("slot"_f = expression)

enum class SlotFault : std::uint8_t { none, tree, many, no_slot, no_annotation, type, never_null };

struct SlotVerdict {
    SlotFault fault{SlotFault::none};
    TreeVerdict tree{};
    Member slot{};
};

template <class Tree>
constexpr SlotVerdict judge_slot(const CheckedModel& model, std::string_view slot) {
    SlotVerdict verdict{.tree = Tree::judge(model), .slot = {&model, find_member(model, slot)}};
    const ValueType& is = verdict.tree.whole.is;
    if (verdict.slot.member == nullptr) {
        verdict.fault = SlotFault::no_slot;
    } else if (verdict.slot.member->kind != MemberKind::annotation) {
        verdict.fault = SlotFault::no_annotation;
    } else if (verdict.tree.fault != ValueFault::none) {
        verdict.fault = SlotFault::tree;
    } else if (verdict.tree.many) {
        verdict.fault = SlotFault::many;
    } else if (is.is_known() &&
               (!can_hold(verdict.slot.member->type, is.type) || verdict.slot.check().enumeration != is.enumeration)) {
        verdict.fault = SlotFault::type;
    } else if (is.nullable && !verdict.slot.member->nullable) {
        verdict.fault = SlotFault::never_null;
    }
    return verdict;
}

constexpr Sentence describe_slot_fault(const SlotVerdict& wrong, const CheckedModel& model, std::string_view slot) {
    Sentence s;
    s << "kith: ";
    switch (wrong.fault) {
    case SlotFault::none: break;
    case SlotFault::tree: say_value_tree_fault(s, wrong.tree); break;
    case SlotFault::many:
        s << "the expression for `" << slot << "` leads through a set: take an aggregate of it";
        break;
    case SlotFault::no_slot:
        s << model.name << " has no member `" << slot << "` for the expression: declare a kith::Annotation<...> "
          << slot << "{}";
        break;
    case SlotFault::no_annotation:
        say_member(s, wrong.slot);
        s << " is no kith::Annotation, which annotate() could fill";
        break;
    case SlotFault::type:
        say_member(s, wrong.slot);
        s << " holds a " << column_word(wrong.slot) << " and cannot take a computed value of type "
          << (!wrong.tree.whole.is.enumeration.empty() ? "an enum" : type_word(wrong.tree.whole.is.type));
        break;
    case SlotFault::never_null:
        say_member(s, wrong.slot);
        s << " cannot be NULL, but the expression can: declare it as a kith::Annotation<std::optional<...>>";
        break;
    }
    return s;
}

template <class M, FixedString Slot, class Tree>
struct WrongSlot {
    static constexpr Sentence sentence =
        describe_slot_fault(judge_slot<Tree>(description<M>, Slot.view()), description<M>, Slot.view());
};

template <class M, FixedString Slot, class Tree>
consteval bool check_slot() {
    if constexpr (judge_slot<Tree>(description<M>, Slot.view()).fault == SlotFault::none) {
        return Tree::template conditions_ok<M>;
    } else {
        return stop<WrongSlot<M, Slot, Tree>>();
    }
}
/// Whether annotate() can compute the expression for the Annotation `Slot`.
template <class M, FixedString Slot, class Tree>
inline constexpr bool slot_ok = check_slot<M, Slot, Tree>();

} // namespace kith::detail
