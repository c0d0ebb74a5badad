#pragma once

#include <kith/aggregate.hpp>
#include <kith/database.hpp>
#include <kith/detail/check/key_type.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/check/values_list.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_iterator.hpp>
#include <kith/detail/core/row_range.hpp>
#include <kith/expression.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/lazy.hpp>
#include <kith/prefetch.hpp>
#include <kith/raw_query_set.hpp>
#include <kith/ref.hpp>
#include <kith/stream.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

namespace detail {

[[gnu::noinline]] inline QueryHandle filtered(const QueryHandle& query,
                                              std::initializer_list<AnyCondition*> conditions) {
    return query.filter(gather(conditions));
}
[[gnu::noinline]] inline QueryHandle excluded(const QueryHandle& query,
                                              std::initializer_list<AnyCondition*> conditions) {
    return query.exclude(gather(conditions));
}
/// The lists of one get_or_create call.
struct CreateLists {
    std::vector<Expr> conditions{};
    std::vector<Expr> defaults{};
};

template <class M, class... Tests>
void take_argument(CreateLists& lists, Condition<Tests...>& condition) {
    lists.conditions.push_back(std::move(checked<M, PathUse::condition>(condition)->expr()));
}
template <class M, class... Tests>
void take_argument(CreateLists& lists, Defaults<Tests...>& defaults) {
    (void)(condition_ok<M, Tests, PathUse::assignment> && ...);
    for (Expr& assignment : defaults.assignments) lists.defaults.push_back(std::move(assignment));
}
template <class M, class T>
void take_argument(CreateLists&, T&) {
    static_assert(is_condition<T>,
                  "kith: conditions and kith::defaults(…) are needed here, such as \"name\"_f = value");
}

} // namespace detail

/// The rows of a model that a query finds, lazily: nothing is asked before the rows are used, then all are read at
/// once, with everything that prefetch_related names, into a cache which copies share. A random-access range of `M&`.
///
/// The refining methods (filter, order_by, …) cost nothing and give a new QuerySet without a cache. Rows live as long
/// as a QuerySet, Ref or set that holds them. A QuerySet is cheap to copy; it may be evaluated from several threads at
/// once.
///
/// Unless said otherwise, what asks the database throws DatabaseError (OperationalError, IntegrityError).
template <class M>
class QuerySet : public detail::RowRange<M> {
    using Order = detail::OrderName<M>;
    using Select = detail::SelectName<M>;
    using Column = detail::LazyName<M>;
    using Related = detail::PrefetchArgument<M>;

public:
    /// A QuerySet of nothing: using it throws NotLoaded. `db.objects<M>()` and sets make those that lead somewhere.
    QuerySet() noexcept = default;
    /// For the library.
    explicit QuerySet(detail::QueryHandle handle) noexcept : detail::RowRange<M>(std::move(handle)) {}
    explicit QuerySet(std::shared_ptr<const detail::Query> query) : QuerySet(detail::QueryHandle(std::move(query))) {}
    const detail::QueryHandle& handle() const noexcept { return handle_; }

    // ---- refinements: no statement

    /// The rows for which all `conditions` hold. ValueError on a slice.
    template <class... C>
    QuerySet filter(C... conditions) const {
        return QuerySet(detail::filtered(handle_, {detail::checked<M, detail::PathUse::condition>(conditions)...}));
    }
    /// The rows for which not all `conditions` hold.
    template <class... C>
    QuerySet exclude(C... conditions) const {
        return QuerySet(detail::excluded(handle_, {detail::checked<M, detail::PathUse::condition>(conditions)...}));
    }
    /// `order_by("-born", "hometown__name")`: replaces the order; without names there is none. ValueError on a slice.
    QuerySet order_by(Order a = {}, Order b = {}, Order c = {}, Order d = {}) const {
        const detail::NameArgument names[]{a, b, c, d};
        return QuerySet(detail::ordered(handle_, names));
    }
    QuerySet order_by(Order a, Order b, Order c, Order d, Order e, Order f = {}, Order g = {}, Order h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::ordered(handle_, names));
    }
    /// The other way round.
    QuerySet reverse() const { return QuerySet(handle_.reverse()); }
    /// Each row once.
    QuerySet distinct() const { return QuerySet(handle_.distinct()); }
    /// Rows `first` to before `last`, counted within this QuerySet. ValueError when `last` is below `first`.
    QuerySet slice(std::size_t first, std::size_t last) const { return QuerySet(handle_.slice(first, last)); }
    /// Joins relations to single rows into the main statement: `select_related("hometown__province")`. Calls add up;
    /// kith::None empties the list. Rows that a forward relation leads to are shared, as those of prefetch_related are.
    QuerySet select_related(Select a, Select b = {}, Select c = {}, Select d = {}) const {
        const detail::NameArgument names[]{a, b, c, d};
        return QuerySet(detail::selected(handle_, names));
    }
    QuerySet select_related(Select a, Select b, Select c, Select d, Select e, Select f = {}, Select g = {},
                            Select h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::selected(handle_, names));
    }
    /// Loads relations beside the rows, one more statement for each step of a lookup however many rows there are:
    /// `prefetch_related("visitation__province", kith::Prefetch("visitation"_f, wus, "wu_city"_f))`. Takes up to 16
    /// literals, Prefetch objects and kith::runtime(text). Calls add up; kith::None alone empties the list. ValueError
    /// when a lookup would get two different querysets; FieldError for a wrong text from run time.
    QuerySet prefetch_related(Related a = {}, Related b = {}, Related c = {}, Related d = {}) const {
        const detail::LookupArgument list[]{a, b, c, d};
        return QuerySet(detail::prefetched(handle_, list));
    }
    QuerySet prefetch_related(Related a, Related b, Related c, Related d, Related e, Related f = {}, Related g = {},
                              Related h = {}, Related i = {}, Related j = {}, Related k = {}, Related l = {},
                              Related m = {}, Related n = {}, Related o = {}, Related p = {}) const {
        const detail::LookupArgument list[]{a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p};
        return QuerySet(detail::prefetched(handle_, list));
    }
    /// The same, for a list made at run time.
    QuerySet prefetch_related(const std::vector<Lookup<M>>& lookups) const {
        std::vector<detail::LookupArgument> list;
        for (const auto& lookup : lookups) list.push_back(lookup.argument());
        return QuerySet(detail::prefetched(handle_, list));
    }
    /// Of the kith::Lazy columns, loads these alone: `only("biography")`, `only(kith::None)`. A later only() replaces
    /// an earlier one. All other columns, keys among them, are always loaded. A path leads through relations that
    /// select_related joins, and then speaks about the Lazy columns of that row.
    QuerySet only(Column a, Column b = {}, Column c = {}, Column d = {}, Column e = {}, Column f = {}, Column g = {},
                  Column h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::loading_only(handle_, names));
    }
    /// Leaves these kith::Lazy columns out; reading one loads it. Calls add up; kith::None takes back defer and only.
    QuerySet defer(Column a, Column b = {}, Column c = {}, Column d = {}, Column e = {}, Column f = {}, Column g = {},
                   Column h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::deferring(handle_, names));
    }
    /// Computes an aggregate over a set of each row into an Annotation: `annotate("visits"_f =
    /// kith::Count("visitation"_f))`, in the main statement. The annotation can then be named in conditions, order_by,
    /// values_list and aggregate. Each is computed on its own, so several do not disturb each other, and no filter()
    /// but its own changes what it counts. FieldError for a wrong text from run time.
    template <class... A>
    QuerySet annotate(A... annotations) const {
        std::vector<detail::AnnotationSpec> list;
        (list.push_back(detail::annotation_spec<M>(annotations)), ...);
        return QuerySet(handle_.annotate(std::move(list)));
    }
    /// Asks another database of the same tables, or a transaction.
    QuerySet on(const Database& db) const { return QuerySet(handle_.on(db)); }
    /// What happens when a relation of these rows is read that was not loaded.
    QuerySet fetch_mode(FetchMode mode) const { return QuerySet(handle_.fetch_mode(mode)); }
    /// The same query without its cache: using it asks the database again.
    QuerySet all() const { return QuerySet(handle_.all()); }
    /// No rows, and no statement to find that out.
    QuerySet none() const { return QuerySet(handle_.none()); }

    /// The rows of a statement of your own, in the database's SQL: `raw("SELECT * FROM person WHERE lastname = ?",
    /// "Li")`. Its columns are those of the members, in any order, and Annotations under their names; only Lazy columns
    /// may be missing. The lookups of this QuerySet are loaded behind the rows. ValueError where it has conditions, an
    /// order or a slice.
    template <class... P>
    RawQuerySet<M> raw(std::string sql, const P&... parameters) const {
        return RawQuerySet<M>(handle_.raw(std::move(sql), detail::raw_parameters(parameters...)));
    }

    /// The rows that are in both, or in either, of two QuerySets of one database, each once; the order, the lookups and
    /// all else are those of the left one. ValueError for slices.
    friend QuerySet operator&(const QuerySet& a, const QuerySet& b) { return QuerySet(a.handle_.both(b.handle_)); }
    friend QuerySet operator|(const QuerySet& a, const QuerySet& b) { return QuerySet(a.handle_.either(b.handle_)); }

    // ---- single rows and numbers: from the cache when there is one, else one statement

    /// The first row, by the primary key when there is no order; empty when there is none. With the statements of the
    /// lookups.
    Ref<M> first(std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.first(where));
    }
    /// The last row.
    Ref<M> last(std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.last(where));
    }
    /// The one row for which `conditions` hold, with the statements of the lookups. Throws DoesNotExist and
    /// MultipleObjectsReturned. Never from the cache.
    Ref<M> get(std::source_location where = std::source_location::current()) const { return get_at(where); }
    template <class A>
    Ref<M> get(A a, std::source_location where = std::source_location::current()) const {
        return get_at(where, a);
    }
    template <class A, class B>
    Ref<M> get(A a, B b, std::source_location where = std::source_location::current()) const {
        return get_at(where, a, b);
    }
    template <class A, class B, class C>
    Ref<M> get(A a, B b, C c, std::source_location where = std::source_location::current()) const {
        return get_at(where, a, b, c);
    }
    template <class... C>
        requires(sizeof...(C) > 3)
    Ref<M> get(C... conditions) const {
        return get_at({}, conditions...);
    }
    std::int64_t count(std::source_location where = std::source_location::current()) const {
        return handle_.count(where);
    }
    bool exists(std::source_location where = std::source_location::current()) const { return handle_.exists(where); }
    /// Whether `row` (a row, a Ref or a key) is among the rows. ValueError when it was never saved.
    template <class R>
    bool contains(const R& row, std::source_location where = std::source_location::current()) const {
        (void)detail::row_or_key_ok<M, R>;
        return handle_.contains(detail::to_row_or_key<M>(row), where);
    }
    /// The rows with these primary keys, by key; keys without a row are left out. One statement and those of the
    /// lookups; none without keys.
    template <class Keys>
    auto in_bulk(const Keys& keys, std::source_location where = std::source_location::current()) const {
        std::vector<detail::Value> values;
        for (const auto& key : keys) {
            (void)detail::row_or_key_ok<M, std::remove_cvref_t<decltype(key)>>;
            values.push_back(detail::to_value(key));
        }
        std::map<detail::primary_key_type<M>, Ref<M>> found;
        if (values.empty()) return found;
        detail::AnyCondition condition = detail::compare("pk__in", detail::Operand(std::move(values)));
        for (Ref<M>& row : QuerySet(detail::filtered(handle_, {&condition})).rows(where)) {
            found.emplace(detail::primary_key_value(*row), std::move(row));
        }
        return found;
    }
    template <class Key>
    auto in_bulk(std::initializer_list<Key> keys, std::source_location where = std::source_location::current()) const {
        return in_bulk<std::initializer_list<Key>>(keys, where);
    }
    /// Columns without rows: `values_list<"name", "province__name">()` gives a std::vector of std::tuple, and a single
    /// name a std::vector of its values. What can be NULL, by its column or by the way to it, is a std::optional. One
    /// statement; lookups are not loaded.
    template <detail::FixedString... Path>
        requires(sizeof...(Path) > 0)
    auto values_list(std::source_location where = std::source_location::current()) const {
        using Tuple = detail::ValueTuple<M, Path...>;
        std::vector<Tuple> tuples;
        handle_.values(detail::value_targets<M, Path...>(), &detail::append_values<Tuple>, &tuples, where);
        if constexpr (sizeof...(Path) > 1) {
            return tuples;
        } else {
            return detail::only_values(tuples);
        }
    }
    /// Aggregates over all rows: `auto [n, mean] = books.aggregate(kith::Count("id"_f), kith::Avg("price"_f))` is a
    /// std::tuple, and a single one its value. Count is a std::int64_t, all others are a std::optional of what they
    /// compute. One statement; of none() no statement.
    template <class A>
    auto aggregate(const A& a, std::source_location where = std::source_location::current()) const {
        return aggregate_at(where, a);
    }
    template <class A, class B>
    auto aggregate(const A& a, const B& b, std::source_location where = std::source_location::current()) const {
        return aggregate_at(where, a, b);
    }
    template <class... A>
        requires(sizeof...(A) > 2)
    auto aggregate(const A&... aggregates) const {
        return aggregate_at({}, aggregates...);
    }
    // ---- writing: each asks the database; through all() of a set it forgets what the set had loaded

    /// Inserts the row and gives it, with its key: `create({.name = "Wuhan City", .province = hubei})`. One statement.
    Ref<M> create(const M& row, std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.create(&row, where));
    }
    /// Inserts rows in one statement per bounded batch, in one transaction, and gives them in their order.
    std::vector<Ref<M>> bulk_create(const std::vector<M>& rows,
                                    std::source_location where = std::source_location::current()) const {
        std::vector<const void*> addresses;
        addresses.reserve(rows.size());
        for (const M& row : rows) addresses.push_back(&row);
        std::vector<Ref<M>> created;
        for (auto& row : handle_.bulk_create(addresses, where)) created.emplace_back(std::move(row));
        return created;
    }
    /// The row for which the conditions hold, or a new one made from their `exact` values and `kith::defaults(…)`; and
    /// whether it is new. One statement, or two. Throws MultipleObjectsReturned.
    template <class A>
    std::pair<Ref<M>, bool> get_or_create(A a, std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::QueryHandle::get_or_create, where, a);
    }
    template <class A, class B>
    std::pair<Ref<M>, bool> get_or_create(A a, B b,
                                          std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::QueryHandle::get_or_create, where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) > 2)
    std::pair<Ref<M>, bool> get_or_create(C... arguments) const {
        return found_or_created(&detail::QueryHandle::get_or_create, {}, arguments...);
    }
    /// The same, but a row that is found is updated with `kith::defaults(…)`.
    template <class A>
    std::pair<Ref<M>, bool> update_or_create(A a, std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::QueryHandle::update_or_create, where, a);
    }
    template <class A, class B>
    std::pair<Ref<M>, bool> update_or_create(A a, B b,
                                             std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::QueryHandle::update_or_create, where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) > 2)
    std::pair<Ref<M>, bool> update_or_create(C... arguments) const {
        return found_or_created(&detail::QueryHandle::update_or_create, {}, arguments...);
    }
    /// Sets columns of all rows: `update("stock"_f = 0, "sold"_f = "ordered"_f)`. One statement; gives the number of
    /// rows.
    template <class A>
    std::int64_t update(A a, std::source_location where = std::source_location::current()) const {
        return update_at(where, a);
    }
    template <class A, class B>
    std::int64_t update(A a, B b, std::source_location where = std::source_location::current()) const {
        return update_at(where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) != 1 && sizeof...(C) != 2)
    std::int64_t update(C... assignments) const {
        return update_at({}, assignments...);
    }
    /// Deletes the rows. One statement; gives their number, without what `on_delete` took with them.
    std::int64_t remove(std::source_location where = std::source_location::current()) const {
        return handle_.remove(where);
    }

    /// The database's plan for the main statement. One statement.
    std::string explain() const { return handle_.explain(); }

private:
    using detail::RowRange<M>::handle_;
    using CreateCall = std::pair<detail::RowHandle, bool> (detail::QueryHandle::*)(std::vector<detail::Expr>,
                                                                                   std::vector<detail::Expr>,
                                                                                   std::source_location) const;

    template <class... C>
    Ref<M> get_at(std::source_location where, C&... conditions) const {
        return Ref<M>(
            handle_.get(detail::gather({detail::checked<M, detail::PathUse::condition>(conditions)...}), where));
    }
    template <class... A>
    auto aggregate_at(std::source_location where, const A&... aggregates) const {
        detail::AggregateTuple<M, A...> values;
        handle_.aggregate({detail::aggregate_expr<M>(aggregates)...}, detail::targets_in(values), &values, where);
        if constexpr (sizeof...(A) > 1) {
            return values;
        } else {
            return std::get<0>(std::move(values));
        }
    }
    template <class... C>
    std::pair<Ref<M>, bool> found_or_created(CreateCall call, std::source_location where, C&... arguments) const {
        detail::CreateLists lists;
        (detail::take_argument<M>(lists, arguments), ...);
        auto [row, created] = (handle_.*call)(std::move(lists.conditions), std::move(lists.defaults), where);
        return {Ref<M>(std::move(row)), created};
    }
    template <class... C>
    std::int64_t update_at(std::source_location where, C&... assignments) const {
        return handle_.update(detail::gather({detail::checked<M, detail::PathUse::assignment>(assignments)...}), where);
    }
};

namespace detail {

template <class R>
struct RowsModel {
    using type = row_model<R>;
};
template <class R>
    requires requires(R& rows) { std::begin(rows); }
struct RowsModel<R> {
    using type = row_model<std::remove_cvref_t<decltype(*std::begin(std::declval<R&>()))>>;
};
template <class M>
struct RowsModel<QuerySet<M>> {
    using type = M;
};
/// The model of a single row, or of a range of rows.
template <class R>
using rows_model = typename RowsModel<std::remove_cvref_t<R>>::type;

/// The addresses of a row, a Ref, or a range of rows, Refs or pointers; null ones are left out.
template <class R>
std::vector<void*> row_addresses(R& rows) {
    std::vector<void*> addresses;
    const auto take = [&](auto& row) {
        if (const void* address = row_address(row)) addresses.push_back(const_cast<void*>(address));
    };
    if constexpr (requires { std::begin(rows); }) {
        for (auto&& row : rows) take(row);
    } else {
        take(rows);
    }
    return addresses;
}

} // namespace detail

/// Loads lookups into rows that exist already, fetching only what is missing: a QuerySet, a row, a Ref, or a range of
/// rows, Refs or pointers. The rows must come from a database (QuerySet, Ref, set); copies and rows that were made by
/// hand are a ValueError. As many statements as prefetch_related would cost.
template <class R, class Argument = detail::PrefetchArgument<detail::rows_model<R>>>
void prefetch_related_objects(R&& rows, std::type_identity_t<Argument> a, std::type_identity_t<Argument> b = {},
                              std::type_identity_t<Argument> c = {}, std::type_identity_t<Argument> d = {},
                              std::type_identity_t<Argument> e = {}, std::type_identity_t<Argument> f = {},
                              std::type_identity_t<Argument> g = {}, std::type_identity_t<Argument> h = {},
                              std::type_identity_t<Argument> i = {}, std::type_identity_t<Argument> j = {},
                              std::type_identity_t<Argument> k = {}, std::type_identity_t<Argument> l = {},
                              std::type_identity_t<Argument> m = {}, std::type_identity_t<Argument> n = {},
                              std::type_identity_t<Argument> o = {}, std::type_identity_t<Argument> p = {},
                              std::source_location where = std::source_location::current()) {
    const detail::LookupArgument list[]{a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p};
    detail::prefetch_rows(detail::model<detail::rows_model<R>>(), detail::row_addresses(rows),
                          detail::gather_lookups(list), where);
}
/// The same, for a list of lookups made at run time.
template <class R, class M = detail::rows_model<R>>
void prefetch_related_objects(R&& rows, const std::vector<Lookup<M>>& lookups,
                              std::source_location where = std::source_location::current()) {
    std::vector<detail::LookupArgument> list;
    for (const auto& lookup : lookups) list.push_back(lookup.argument());
    detail::prefetch_rows(detail::model<M>(), detail::row_addresses(rows), detail::gather_lookups(list), where);
}

template <detail::NoTypes, class... P>
std::int64_t Database::raw(detail::SqlText sql, const P&... parameters) const {
    return detail::execute_raw(*this, sql.text, detail::raw_parameters(parameters...), sql.where);
}

template <class First, class... T, class... P>
auto Database::raw(detail::SqlText sql, const P&... parameters) const {
    using Tuple = std::tuple<First, T...>;
    static_assert(detail::column_kind<detail::without_optional<First>>().supported &&
                      (detail::column_kind<detail::without_optional<T>>().supported && ...),
                  "kith: raw<T...> reads types that a column may have, and std::optional of these");
    std::vector<Tuple> tuples;
    detail::read_raw(*this, sql.text, detail::raw_parameters(parameters...), detail::targets_in(Tuple{}),
                     &detail::append_values<Tuple>, &tuples, sql.where);
    if constexpr (sizeof...(T) > 0) {
        return tuples;
    } else {
        return detail::only_values(tuples);
    }
}

template <class M>
QuerySet<M> Database::objects() const {
    return QuerySet<M>(detail::QueryHandle::of_model(*this, detail::model<M>()));
}

} // namespace kith
