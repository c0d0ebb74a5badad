#pragma once

#include <kith/annotation.hpp>
#include <kith/arithmetic.hpp>
#include <kith/detail/check/computed_check.hpp>
#include <kith/detail/core/operations.hpp>
#include <kith/expression.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// Aggregates: values that the database computes, in `annotate` over a set of each row, in `aggregate` over all rows of
/// a QuerySet. Making one costs no statement:
///
///     db.objects<Person>().annotate("visits"_f = kith::Count("visitation"_f))
///     auto [oldest, mean] = db.objects<Person>().aggregate(kith::Min("born"_f), kith::Avg("height"_f));
///
/// The argument is a path as in conditions, a literal or kith::runtime(text), or an expression: `kith::Sum("price"_f *
/// "quantity"_f)`. In aggregate(), Sum, Min and Max need literals, because their type depends on the column.
namespace kith {

namespace detail {

struct AggregateExpr;

/// An aggregate without the types of its checks. Implemented in src/query/conditions.cpp.
class AnyAggregate {
public:
    AnyAggregate(AggregateFunction function, std::string_view path);
    AnyAggregate(AggregateFunction function, const ValueExprPtr& computed);

    const AggregateExpr& expr() const noexcept { return *expr_; }
    void set_distinct() noexcept;
    /// Moves the condition to those that hold for the rows that it is computed from.
    void add(AnyCondition& condition);

private:
    HiddenAggregate expr_;
};

/// An aggregate over a literal path or an expression, whose tree is `Over`; UnknownTree if the path is known only at
/// run time, or if there is none. `Tests` are the checks of its conditions that need the model.
template <AggregateFunction Function, class Over, class... Tests>
class Aggregate : public AnyAggregate {
public:
    /// Internal.
    using AnyAggregate::AnyAggregate;
    /// Internal.
    explicit Aggregate(const AnyAggregate& aggregate) : AnyAggregate(aggregate) {}

    /// Returns the same aggregate over distinct values.
    Aggregate distinct() const {
        Aggregate copy(*this);
        copy.set_distinct();
        return copy;
    }
    /// Returns the same aggregate over the rows for which all conditions hold. Their paths start at the same model as
    /// that of the aggregate, and lead through no other set:
    /// `Count("visitation"_f).filter("visitation__name__startswith"_f = "Wu")`.
    template <class... First, class... C>
    auto filter(Condition<First...> condition, C... more) const {
        Aggregate<Function, Over, Tests..., First...> narrowed{static_cast<const AnyAggregate&>(*this)};
        narrowed.add(condition);
        if constexpr (sizeof...(more) > 0) {
            return narrowed.filter(std::move(more)...);
        } else {
            return narrowed;
        }
    }
};

template <class T>
inline constexpr bool is_aggregate = false;
template <AggregateFunction Function, class Over, class... Tests>
inline constexpr bool is_aggregate<Aggregate<Function, Over, Tests...>> = true;

template <AggregateFunction Function, FixedString Over>
Aggregate<Function, ColumnTree<Over>> aggregate_of(Path<Over>) {
    return Aggregate<Function, ColumnTree<Over>>(Function, Over.view());
}
template <AggregateFunction Function>
Aggregate<Function, UnknownTree> aggregate_of(const Runtime& path) {
    return Aggregate<Function, UnknownTree>(Function, std::string_view(path.text()));
}
template <AggregateFunction Function, class Tree>
Aggregate<Function, Tree> aggregate_of(const Expression<Tree>& computed) {
    return Aggregate<Function, Tree>(Function, computed.value());
}

} // namespace detail

/// The number of values that are not NULL; of a relation, the number of related rows. A std::int64_t; 0 without values.
template <detail::FixedString Text>
auto Count(Path<Text> path) {
    return detail::aggregate_of<detail::AggregateFunction::count>(path);
}
inline auto Count(const Runtime& path) { return detail::aggregate_of<detail::AggregateFunction::count>(path); }
template <class Tree>
auto Count(const Expression<Tree>& computed) {
    return detail::aggregate_of<detail::AggregateFunction::count>(computed);
}
/// For aggregate(): the number of rows, a std::int64_t.
inline auto Count() {
    return detail::Aggregate<detail::AggregateFunction::count, detail::UnknownTree>(detail::AggregateFunction::count,
                                                                                    std::string_view());
}

/// The sum of the numbers: an integer, a double or an exact Decimal, like the column. NULL without values.
template <detail::FixedString Text>
auto Sum(Path<Text> path) {
    return detail::aggregate_of<detail::AggregateFunction::sum>(path);
}
inline auto Sum(const Runtime& path) { return detail::aggregate_of<detail::AggregateFunction::sum>(path); }
template <class Tree>
auto Sum(const Expression<Tree>& computed) {
    return detail::aggregate_of<detail::AggregateFunction::sum>(computed);
}

/// The mean of the numbers, a double. NULL without values.
template <detail::FixedString Text>
auto Avg(Path<Text> path) {
    return detail::aggregate_of<detail::AggregateFunction::avg>(path);
}
inline auto Avg(const Runtime& path) { return detail::aggregate_of<detail::AggregateFunction::avg>(path); }
template <class Tree>
auto Avg(const Expression<Tree>& computed) {
    return detail::aggregate_of<detail::AggregateFunction::avg>(computed);
}

/// The least value, of the type of the column. NULL without values.
template <detail::FixedString Text>
auto Min(Path<Text> path) {
    return detail::aggregate_of<detail::AggregateFunction::min>(path);
}
inline auto Min(const Runtime& path) { return detail::aggregate_of<detail::AggregateFunction::min>(path); }
template <class Tree>
auto Min(const Expression<Tree>& computed) {
    return detail::aggregate_of<detail::AggregateFunction::min>(computed);
}

/// The greatest value, of the type of the column. NULL without values.
template <detail::FixedString Text>
auto Max(Path<Text> path) {
    return detail::aggregate_of<detail::AggregateFunction::max>(path);
}
inline auto Max(const Runtime& path) { return detail::aggregate_of<detail::AggregateFunction::max>(path); }
template <class Tree>
auto Max(const Expression<Tree>& computed) {
    return detail::aggregate_of<detail::AggregateFunction::max>(computed);
}

namespace detail {

/// One argument of annotate() without its types.
struct AnyAnnotating {
    std::string slot;
    AnyAggregate aggregate;
};
/// An argument of annotate(), which was checked: one of these.
struct AnnotationArgument {
    AnyAnnotating* aggregate{nullptr};
    AnyCondition* computed{nullptr}; ///< `"slot"_f = expression`
};
/// `"visits"_f = Count("visitation"_f)`: one argument of annotate().
template <class Slot, class Value>
struct Annotating : AnyAnnotating {};

template <class T>
inline constexpr bool is_annotating = false;
template <class Slot, class Value>
inline constexpr bool is_annotating<Annotating<Slot, Value>> = true;

/// The argument of annotate(), checked for rows of `M`.
template <class M, FixedString Slot, AggregateFunction Function, class Over, class... Tests>
AnnotationArgument checked_annotation(Annotating<Path<Slot>, Aggregate<Function, Over, Tests...>>& annotating) {
    (void)AggregateCheck<Over>::template annotation_ok<M, Slot, Function>;
    (void)(condition_ok<M, Tests> && ...);
    return {.aggregate = &annotating};
}
template <class M, AggregateFunction Function, class Over, class... Tests>
AnnotationArgument checked_annotation(Annotating<Runtime, Aggregate<Function, Over, Tests...>>& annotating) {
    (void)AggregateCheck<Over>::template annotated_ok<M, Function>;
    (void)(condition_ok<M, Tests> && ...);
    return {.aggregate = &annotating};
}
template <class M, FixedString Slot, class Tree>
AnnotationArgument checked_annotation(Condition<Computes<Slot, Tree>>& slot_is_value) {
    (void)slot_ok<M, Slot, Tree>;
    return {.computed = &slot_is_value};
}
template <class M, class Tree>
AnnotationArgument checked_annotation(Condition<ComputesRuntime<Tree>>& slot_is_value) {
    (void)condition_ok<M, ComputesRuntime<Tree>>;
    return {.computed = &slot_is_value};
}
template <class M, class T>
AnnotationArgument checked_annotation(T&) {
    static_assert(is_annotating<T>, "kith: annotate takes \"slot\"_f = kith::Count(\"path\"_f) and the like");
    return {};
}

/// The argument of aggregate(), checked for rows of `M`.
template <class M, AggregateFunction Function, class Over, class... Tests>
const AnyAggregate* checked_aggregate(const Aggregate<Function, Over, Tests...>& aggregate) {
    (void)AggregateCheck<Over>::template ok<M, Function>;
    (void)(condition_ok<M, Tests> && ...);
    return &aggregate;
}

/// The type that aggregate() returns for one argument.
template <class M, class A>
struct AggregateValue {
    static_assert(is_aggregate<A>, "kith: aggregate takes kith::Count, Sum, Avg, Min and Max of a path");
    using type = std::int64_t;
};
template <class M, AggregateFunction Function, class Over, class... Tests>
struct AggregateValue<M, Aggregate<Function, Over, Tests...>> : AggregateCheck<Over>::template Result<M, Function> {};
template <class M, class... A>
using AggregateTuple = std::tuple<typename AggregateValue<M, A>::type...>;

} // namespace detail
} // namespace kith
