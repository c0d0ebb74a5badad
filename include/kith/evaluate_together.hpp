#pragma once

#include <kith/aggregate.hpp>
#include <kith/detail/check/values_list.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/query_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace kith {

namespace detail {

/// QuerySet::count() and QuerySet::aggregate(), to be asked by evaluate_together().
template <class M>
struct CountOf {
    QuerySet<M> rows;
};
template <class M, class... A>
struct AggregatesOf {
    QuerySet<M> rows;
    std::tuple<A...> aggregates;
};

/// An argument of evaluate_together(), and its result.
template <class T>
struct AskedArgument;

template <class M>
struct AskedArgument<QuerySet<M>> {
    QuerySet<M> rows;

    explicit AskedArgument(const QuerySet<M>& given) : rows(given) {}
    QueryHandle::Asked asked() { return {.rows = rows.handle()}; }
    QuerySet<M> result() { return std::move(rows); }
};

template <class M>
struct AskedArgument<CountOf<M>> {
    QuerySet<M> rows;
    std::int64_t count{0};

    explicit AskedArgument(const CountOf<M>& given) : rows(given.rows) {}
    QueryHandle::Asked asked() {
        return {.what = QueryHandle::Asked::What::count, .rows = rows.handle(), .values = &count};
    }
    std::int64_t result() const { return count; }
};

template <class M, class... A>
struct AskedArgument<AggregatesOf<M, A...>> {
    AggregatesOf<M, A...> given;
    AggregateTuple<M, A...> values{};

    explicit AskedArgument(const AggregatesOf<M, A...>& what) : given(what) {}
    QueryHandle::Asked asked() {
        const auto targets = targets_in(values);
        return {.what = QueryHandle::Asked::What::aggregates,
                .rows = given.rows.handle(),
                .aggregates = std::apply(
                    [](const A&... a) { return std::vector<const AnyAggregate*>{checked_aggregate<M>(a)...}; },
                    given.aggregates),
                .targets = {targets.begin(), targets.end()},
                .values = &values};
    }
    auto result() {
        if constexpr (sizeof...(A) > 1) {
            return std::move(values);
        } else {
            return std::get<0>(std::move(values));
        }
    }
};

} // namespace detail

/// The number of rows of `rows`, for evaluate_together(): QuerySet::count() that is asked later. No statement by
/// itself.
template <class M>
detail::CountOf<M> count_of(const QuerySet<M>& rows) {
    return {rows};
}
/// Aggregates over all rows of `rows`, for evaluate_together(): QuerySet::aggregate() that is asked later. No statement
/// by itself.
template <class M, class... A>
    requires(sizeof...(A) > 0)
detail::AggregatesOf<M, A...> aggregates_of(const QuerySet<M>& rows, const A&... aggregates) {
    return {rows, {aggregates...}};
}

/// Evaluates QuerySets, counts and aggregates of one Database in one snapshot: what a page needs. Inside an atomic
/// block they see what its isolation allows.
///
///     auto [user, posts, total] = kith::evaluate_together(users.filter("id"_f = 7), posts.slice(0, 10),
///                                                         kith::count_of(posts));
///
/// Takes any number of QuerySets, kith::count_of(…) and kith::aggregates_of(…), and returns a std::tuple of the
/// QuerySets, now with their rows, and of the numbers, as QuerySet::count() and QuerySet::aggregate() return them.
/// QuerySets share their rows with their copies, so the arguments are evaluated as well.
///
/// Statements as for each alone, none for what was evaluated before. PostgreSQL takes all of them, and the lookups that
/// can go ahead (LoadStrategy), in one round trip; the other lookups level by level, side by side. Other databases take
/// them one by one. All or nothing: if one fails, none is evaluated; but sets of rows, as person.visitation.all(), are
/// loaded into these rows one by one, after the others. Throws ValueError for QuerySets of several
/// Databases; else as each alone.
template <class... T>
auto evaluate_together(const T&... asked) {
    std::tuple<detail::AskedArgument<T>...> arguments{detail::AskedArgument<T>(asked)...};
    return std::apply(
        [](auto&... argument) {
            const std::array<detail::QueryHandle::Asked, sizeof...(T)> all{argument.asked()...};
            detail::QueryHandle::evaluate_together(all);
            return std::tuple<decltype(argument.result())...>(argument.result()...);
        },
        arguments);
}

} // namespace kith
