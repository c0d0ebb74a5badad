#pragma once

#include <kith/aggregate.hpp>

#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Conditions about aggregates, which choose the groups of group_by(): `kith::having(kith::Count("id"_f) > 3)`. Making
/// one costs no statement.
namespace kith {

namespace detail {

/// `Count("id"_f) > 3`. `A` is the aggregate, `V` the type of the value.
template <class A, class V>
struct AggregateComparison {
    HiddenHaving expr;
};

template <class T>
inline constexpr bool is_aggregate_comparison = false;
template <class A, class V>
inline constexpr bool is_aggregate_comparison<AggregateComparison<A, V>> = true;

/// `constant` is null if the comparison does not compile. Implemented in src/query/conditions.cpp.
void add_aggregate(GroupSpec& spec, const AnyAggregate& aggregate);
void add_condition(GroupSpec& spec, const HiddenHaving& condition);
HiddenHaving having_expr(const AnyAggregate& aggregate, FieldLookup lookup, const ValueExprPtr& constant, bool negated);

template <class A, class V>
    requires is_aggregate<A>
AggregateComparison<A, std::decay_t<const V&>> compare_aggregate(const A& aggregate, FieldLookup lookup, const V& value,
                                                                 bool negated = false) {
    return {having_expr(aggregate, lookup, operand_of<V>::value(value), negated)};
}

/// The checks of an aggregate in a comparison.
template <class M, class A>
struct ComparedAggregate;
template <class M, AggregateFunction Function, class Over, class... Tests>
struct ComparedAggregate<M, Aggregate<Function, Over, Tests...>> {
    static constexpr bool ok = AggregateCheck<Over>::template ok<M, Function> && (condition_ok<M, Tests> && ...);

    /// The type of the result; any if it is known only at run time.
    static constexpr ColumnType type() {
        if (Function == AggregateFunction::count) return ColumnType::int64;
        if (Function == AggregateFunction::avg) return ColumnType::float64;
        const TreeVerdict argument = Over::judge(description<M>);
        return argument.fault == ValueFault::none ? result_type(Function, argument.whole.is.type) : ColumnType::any;
    }
};

template <class M, class A, class V>
struct WrongComparison {
    static consteval Sentence say() {
        Sentence s;
        s << "kith: the result of this aggregate is a value of type " << type_word(ComparedAggregate<M, A>::type())
          << ", which cannot be compared with ";
        say_value(s, shape_of<V>, type_name<shown_type<V>>());
        return s;
    }
    static constexpr Sentence sentence = say();
};

template <class M, class A, class V>
consteval bool check_comparison() {
    constexpr ColumnType type = ComparedAggregate<M, A>::type();
    constexpr TreeVerdict value = ConstantTree<V>::judge(description<M>);
    if constexpr (value.fault == ValueFault::none && !value.whole.is.null && is_comparable(type, {}, value.whole.is)) {
        return true;
    } else {
        return stop<WrongComparison<M, A, V>>();
    }
}

} // namespace detail

/// The type of `kith::having(…)`.
template <class... Comparisons>
struct Having {
    std::vector<detail::HiddenHaving> conditions; ///< Internal.
};

/// Chooses the groups for which all `comparisons` hold: an argument of group_by(). Each compares an aggregate with a
/// value, by `==`, `!=`, `<`, `<=`, `>` or `>=`. A group whose aggregate has no value (a Sum, Avg, Min or Max of
/// nothing but NULL) is left out by every comparison, `!=` too.
template <class... Comparisons>
Having<Comparisons...> having(Comparisons... comparisons) {
    static_assert((detail::is_aggregate_comparison<Comparisons> && ...),
                  "kith: having takes comparisons of aggregates, such as kith::Count(\"id\"_f) > 3; filter() takes "
                  "conditions on columns");
    return {{std::move(comparisons.expr)...}};
}

namespace detail {

template <class A, class V>
    requires is_aggregate<A>
auto operator>(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::gt, value);
}
template <class A, class V>
    requires is_aggregate<A>
auto operator>=(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::gte, value);
}
template <class A, class V>
    requires is_aggregate<A>
auto operator<(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::lt, value);
}
template <class A, class V>
    requires is_aggregate<A>
auto operator<=(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::lte, value);
}
template <class A, class V>
    requires is_aggregate<A>
auto operator==(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::exact, value);
}
template <class A, class V>
    requires is_aggregate<A>
auto operator!=(const A& aggregate, const V& value) {
    return compare_aggregate(aggregate, FieldLookup::exact, value, true);
}

// ---- the arguments of group_by: aggregates, then kith::having

/// The std::tuple of the values and aggregates of one group.
template <class M, class Tuple, class... Arguments>
struct GroupType {
    using type = Tuple;
};
template <class M, class... T, class A, class... Rest>
struct GroupType<M, std::tuple<T...>, A, Rest...>
    : GroupType<M, std::tuple<T..., typename AggregateValue<M, A>::type>, Rest...> {};
template <class M, class... T, class... Comparisons, class... Rest>
struct GroupType<M, std::tuple<T...>, Having<Comparisons...>, Rest...> : GroupType<M, std::tuple<T...>, Rest...> {};

template <class M, AggregateFunction Function, class Over, class... Tests>
void take_group_argument(GroupSpec& spec, const Aggregate<Function, Over, Tests...>& aggregate) {
    add_aggregate(spec, *checked_aggregate<M>(aggregate));
}
template <class M, class... A, class... V>
void take_group_argument(GroupSpec& spec, const Having<AggregateComparison<A, V>...>& having) {
    (void)(ComparedAggregate<M, A>::ok && ...);
    (void)(check_comparison<M, A, V>() && ...);
    for (const HiddenHaving& condition : having.conditions) add_condition(spec, condition);
}

} // namespace detail
} // namespace kith
