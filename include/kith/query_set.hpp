#pragma once

#include <kith/aggregate.hpp>
#include <kith/bulk_writes.hpp>
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
#include <kith/for_update.hpp>
#include <kith/having.hpp>
#include <kith/lazy.hpp>
#include <kith/limits.hpp>
#include <kith/load_strategy.hpp>
#include <kith/on_conflict.hpp>
#include <kith/page_options.hpp>
#include <kith/prefetch.hpp>
#include <kith/query_calls.hpp>
#include <kith/raw_query_set.hpp>
#include <kith/ref.hpp>
#include <kith/saved_columns.hpp>
#include <kith/stream.hpp>
#include <kith/with.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

namespace detail {

template <class M, class... Tests>
CreateArgument checked_argument(Condition<Tests...>& condition) {
    return {.condition = checked<M, PathUse::condition>(condition)};
}
template <class M, class... Tests>
CreateArgument checked_argument(Defaults<Tests...>& defaults) {
    (void)(condition_ok<M, Tests, PathUse::assignment> && ...);
    return {.defaults = &defaults.assignments};
}
template <class M, class T>
CreateArgument checked_argument(T&) {
    static_assert(is_condition<T>,
                  "kith: conditions and kith::defaults(…) are needed here, such as \"name\"_f = value");
    return {};
}

} // namespace detail

template <class M>
class Page;
template <class M>
class NumberedPage;

/// A query for rows of a model. It is lazy: the first use of its rows runs it, with the lookups of prefetch_related,
/// and stores all rows in a cache that copies share. A random-access range of `M&`.
///
/// Refinements (filter, order_by, …) return a new QuerySet without a cache. Rows live as long as a QuerySet, Ref or set
/// holds them. A QuerySet is cheap to copy, and may be evaluated from several threads at once.
///
/// Every function that queries the database may throw DatabaseError (IntegrityError, OperationalError). Names and
/// values known only at run time throw FieldError and ValueError; literals are checked by the compiler.
template <class M>
class QuerySet : public detail::BulkWrites<M> {
    using Order = detail::OrderName<M>;
    using Select = detail::SelectName<M>;
    using Column = detail::LazyName<M>;
    using Related = detail::PrefetchArgument<M>;

public:
    /// A QuerySet without a database: using it throws NotLoaded. `db.objects<M>()` and sets return others.
    QuerySet() noexcept = default;
    /// Internal.
    explicit QuerySet(detail::QueryHandle handle) noexcept : detail::BulkWrites<M>(std::move(handle)) {}
    explicit QuerySet(std::shared_ptr<const detail::Query> query) : QuerySet(detail::QueryHandle(std::move(query))) {}
    /// Internal.
    const detail::QueryHandle& handle() const noexcept { return handle_; }

    // ---- refinements: no statement

    /// The rows for which all `conditions` hold. Throws ValueError on a slice.
    template <class... C>
    QuerySet filter(C... conditions) const {
        return QuerySet(detail::filtered(handle_, {detail::checked<M, detail::PathUse::condition>(conditions)...}));
    }
    /// The rows that are not known to match all `conditions`, as in Django: a column that is NULL does not match, and
    /// through a set no row of the set may match. Throws ValueError on a slice.
    template <class... C>
    QuerySet exclude(C... conditions) const {
        return QuerySet(detail::excluded(handle_, {detail::checked<M, detail::PathUse::condition>(conditions)...}));
    }
    /// Replaces the order: `order_by("-born", "hometown__name")`; `-` descends. Without names, or with kith::None,
    /// there is no order. Throws ValueError on a slice.
    QuerySet order_by(Order a = {}, Order b = {}, Order c = {}, Order d = {}) const {
        const detail::NameArgument names[]{a, b, c, d};
        return QuerySet(detail::ordered(handle_, names));
    }
    QuerySet order_by(Order a, Order b, Order c, Order d, Order e, Order f = {}, Order g = {}, Order h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::ordered(handle_, names));
    }
    /// Reverses the order. Throws ValueError on a slice.
    QuerySet reverse() const { return QuerySet(handle_.reverse()); }
    /// Returns equal rows once: SELECT DISTINCT. Throws ValueError on a slice.
    QuerySet distinct() const { return QuerySet(handle_.distinct()); }
    /// The rows from `first` up to, but without, `last`, counted from 0 within this QuerySet. If its rows are loaded,
    /// the slice uses them. Throws ValueError if `last` is less than `first`.
    QuerySet slice(std::size_t first, std::size_t last) const { return QuerySet(handle_.slice(first, last)); }
    /// Joins relations to one row into the main statement: `select_related("hometown__province")`. Calls add up;
    /// kith::None empties the list. Rows that a foreign key leads to are shared, unlike in Django. Throws ValueError if
    /// prefetch_related has a queryset for the same relation.
    QuerySet select_related(Select a, Select b = {}, Select c = {}, Select d = {}) const {
        const detail::NameArgument names[]{a, b, c, d};
        return QuerySet(detail::selected(handle_, names));
    }
    QuerySet select_related(Select a, Select b, Select c, Select d, Select e, Select f = {}, Select g = {},
                            Select h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::selected(handle_, names));
    }
    /// Loads relations together with the rows, with one more statement for each step of a lookup, however many rows
    /// there are: `prefetch_related("visitation__province", kith::Prefetch("visitation"_f, wus, "wu_city"_f))`. Takes
    /// up to 16 literals, Prefetch objects and kith::runtime(text). Calls add up; kith::None alone empties the list.
    /// Throws ValueError if a lookup gets a second queryset.
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
    /// The same for a list that is built at run time.
    QuerySet prefetch_related(const std::vector<Lookup<M>>& lookups) const {
        std::vector<detail::LookupArgument> list;
        for (const auto& lookup : lookups) list.push_back(lookup.argument());
        return QuerySet(detail::prefetched(handle_, list));
    }
    /// Loads only these of the Lazy columns: `only("biography")`, or none: `only(kith::None)`. A later only() replaces
    /// an earlier one. All other columns, including keys, are always loaded. A path through relations that
    /// select_related joins names a Lazy column of the joined row.
    QuerySet only(Column a, Column b = {}, Column c = {}, Column d = {}, Column e = {}, Column f = {}, Column g = {},
                  Column h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::loading_only(handle_, names));
    }
    /// Leaves these Lazy columns out; reading one loads it. Calls add up; kith::None cancels defer() and only().
    QuerySet defer(Column a, Column b = {}, Column c = {}, Column d = {}, Column e = {}, Column f = {}, Column g = {},
                   Column h = {}) const {
        const detail::NameArgument names[]{a, b, c, d, e, f, g, h};
        return QuerySet(detail::deferring(handle_, names));
    }
    /// Computes an aggregate over a set of each row in the main statement, and stores it in an Annotation:
    /// `annotate("visits"_f = kith::Count("visitation"_f))`. Conditions, order_by, values_list and aggregate can then
    /// use the annotation. Each aggregate is computed independently: unlike in Django, neither other annotations nor
    /// filter() of the QuerySet change it, only the filter() of the aggregate itself.
    template <class... A>
    QuerySet annotate(A... annotations) const {
        return QuerySet(detail::annotated(handle_, {detail::checked_annotation<M>(annotations)...}));
    }
    /// Locks the rows until the end of the `atomic` block, so that no other transaction changes them: SELECT … FOR
    /// UPDATE. For values_list, get and streams as well; count, exists, aggregate and subselects lock nothing, and a
    /// Prefetch locks only if its own queryset says so. Using the rows outside of `atomic` throws ValueError. On SQLite
    /// the lock of the block, which holds the whole database, is enough.
    QuerySet select_for_update(const ForUpdate<M>& options = {}) const {
        return QuerySet(detail::locked(
            handle_, {.nowait = options.nowait, .skip_locked = options.skip_locked, .key_share = options.key_share},
            {options.of.begin(), options.of.end()}));
    }
    /// Uses another database with the same tables, or a transaction.
    QuerySet on(const Database& db) const { return QuerySet(handle_.on(db)); }
    /// Sets what reading a relation or Lazy column of these rows that was not loaded does.
    QuerySet fetch_mode(FetchMode mode) const { return QuerySet(handle_.fetch_mode(mode)); }
    /// Sets when the statements of the lookups are sent: level by level, in one round trip, or as Kith estimates to be
    /// fastest. The rows are the same. For the lookups of the QuerySet itself, not of one that is passed to a Prefetch.
    QuerySet load_strategy(LoadStrategy strategy) const { return QuerySet(handle_.load_strategy(strategy)); }
    /// Bounds the time of each call that uses this QuerySet (an evaluation with its lookups, a count, an update, a
    /// whole stream): after `longest` it throws DeadlineExceeded, within about 20 ms, and nothing of it is kept. The
    /// wait for a connection, a lock or the server counts. Several deadlines, also of the Database, add up: the
    /// earliest holds. What is loaded through its rows later is bounded in the same way, each load anew. With `token`
    /// also as stop().
    QuerySet deadline(std::chrono::milliseconds longest, std::stop_token token = {}) const {
        return QuerySet(handle_.deadline(longest, std::move(token)));
    }
    /// Lets each call throw Cancelled, within about 20 ms, once a stop is requested through `token`. Several add up.
    QuerySet stop(std::stop_token token) const { return QuerySet(handle_.stop(std::move(token))); }
    /// Bounds what each call may load: `limits({.rows = 1000, .related_rows = 50'000, .bytes = 10'000'000})`. The row
    /// that is too much throws LimitExceeded, which names the lookup, and nothing of the call is kept. Limits add up,
    /// also with those of the Database: the lowest holds. A stream counts all its rows. PostgreSQL then sends row by
    /// row.
    QuerySet limits(const Limits& limits) const { return QuerySet(handle_.limits(limits)); }
    /// The same query without its cache. No statement; using it queries the database again.
    QuerySet all() const { return QuerySet(handle_.all()); }
    /// A QuerySet without rows. Using it costs no statement.
    QuerySet none() const { return QuerySet(handle_.none()); }

    /// The rows of a statement in the database's own SQL: `raw("SELECT * FROM person WHERE lastname = ?", "Li")`. Its
    /// columns are those of the members, in any order, and Annotations by their names; only Lazy columns may be
    /// missing, or the evaluation throws ValueError. The lookups of this QuerySet are loaded as well. No statement
    /// before the rows are used. Throws ValueError if the QuerySet has any other refinement than lookups and a fetch
    /// mode.
    template <class... P>
    RawQuerySet<M> raw(std::string sql, const P&... parameters) const {
        return RawQuerySet<M>(handle_.raw(std::move(sql), detail::raw_parameters(parameters...)));
    }

    /// The rows that are in both QuerySets, or in either of them (each once). The order, the lookups and all other
    /// settings are those of the left one. Throws ValueError for slices, for QuerySets of two databases, and if only
    /// one of them is distinct.
    friend QuerySet operator&(const QuerySet& a, const QuerySet& b) { return QuerySet(a.handle_.both(b.handle_)); }
    friend QuerySet operator|(const QuerySet& a, const QuerySet& b) { return QuerySet(a.handle_.either(b.handle_)); }

    // ---- pages

    /// Whether the order of the rows is known: it contains the primary key or other columns that are unique and never
    /// NULL. No statement.
    bool totally_ordered() const { return handle_.totally_ordered(); }
    /// The same order, and among rows that are equal in it the order of the primary key; as it is if no rows are equal.
    /// For orders that come from outside: page() needs a total one. Throws ValueError on a slice.
    QuerySet in_total_order() const { return QuerySet(handle_.in_total_order()); }
    /// Loads a page by its place in the order: `order_by("-created", "id").page({.size = 20, .after = token})`. A page
    /// far behind costs as much as the first, and rows that are inserted or deleted meanwhile move no others from page
    /// to page. One statement and those of the lookups; relations that the order leads through are joined, as by
    /// select_related. Throws ValueError for an order that is not total, for a slice, and for a token that is damaged
    /// or belongs to another model or order. `#include <kith/page.hpp>` is part of kith.hpp.
    Page<M> page(const PageOptions& options = {}, std::source_location where = std::source_location::current()) const;
    /// Loads page `number`, counted from 1, of pages of `size` rows, with the number of all rows, in one snapshot; by
    /// the primary key if there is no order. Two statements and those of the lookups. The database reads all rows
    /// before the page: use page() where there are many. Throws ValueError for 0 and for a slice.
    NumberedPage<M> paginate(std::size_t number, std::size_t size,
                             std::source_location where = std::source_location::current()) const;
    /// The rows of one page as a QuerySet, for a Prefetch: `kith::Prefetch("posts"_f, posts.page_of({.size = 5}))`
    /// loads a page for each parent. Takes no PageOptions::before. Throws as page().
    QuerySet page_of(const PageOptions& options) const { return QuerySet(handle_.page_of(options)); }
    /// Returns the place of `row` in the order as a token: the rows behind it are those of `page({.after = token})`. No
    /// statement. Throws ValueError as page(), and if a relation that the order leads through is not loaded.
    std::string page_token(const M& row) const { return handle_.page_token(&row); }

    // ---- single rows and values

    /// Returns the first row, by the primary key if there is no order; an empty Ref if there are no rows. No statement
    /// if the rows are loaded, else one and those of the lookups.
    Ref<M> first(std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.first(where));
    }
    /// Returns the last row: as first(), with the order reversed. No statement if the rows are loaded, else one and
    /// those of the lookups. Throws ValueError on a slice whose rows are not loaded.
    Ref<M> last(std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.last(where));
    }
    /// Returns the one row for which all `conditions` hold. One statement and those of the lookups, even if the rows
    /// are loaded; none by primary key on a loaded set that has the row. Throws DoesNotExist, MultipleObjectsReturned,
    /// and ValueError for conditions on a slice.
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
    /// Returns the number of rows. No statement if the rows are loaded, else one.
    std::int64_t count(std::source_location where = std::source_location::current()) const {
        return handle_.count(where);
    }
    /// Whether there is a row. No statement if the rows are loaded, else one.
    bool exists(std::source_location where = std::source_location::current()) const { return handle_.exists(where); }
    /// Whether `row` (a row, a Ref or a key) is among the rows. No statement if the rows are loaded, else one, which
    /// loads the rows of a slice. Throws ValueError if the row was never saved.
    template <class R>
    bool contains(const R& row, std::source_location where = std::source_location::current()) const {
        (void)detail::row_or_key_ok<M, R>;
        return handle_.contains(detail::to_row_or_key<M>(row), where);
    }
    /// Returns the rows with these primary keys as a std::map of keys and Refs; keys without a row are left out. One
    /// statement and those of the lookups; none without keys. Throws ValueError on a slice.
    template <class Keys>
    auto in_bulk(const Keys& keys, std::source_location where = std::source_location::current()) const {
        detail::ValueList values;
        for (const auto& key : keys) {
            (void)detail::row_or_key_ok<M, std::remove_cvref_t<decltype(key)>>;
            values.add(detail::view_of(key));
        }
        std::map<detail::primary_key_type<M>, Ref<M>> found;
        if (values.empty()) return found;
        detail::AnyCondition condition = detail::compare_list("pk__in", std::move(values));
        for (Ref<M>& row : QuerySet(detail::filtered(handle_, {&condition})).rows(where)) {
            found.emplace(detail::primary_key_value(*row), std::move(row));
        }
        return found;
    }
    template <class Key>
    auto in_bulk(std::initializer_list<Key> keys, std::source_location where = std::source_location::current()) const {
        return in_bulk<std::initializer_list<Key>>(keys, where);
    }
    /// Returns columns without rows: a std::vector of std::tuple for `values_list<"name", "province__name">()`, of the
    /// values for a single name. A value that can be NULL, because of its column or of the path to it, is a
    /// std::optional. One statement; lookups are not loaded.
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
    /// Computes aggregates over all rows, and returns a std::tuple: `auto [n, mean] =
    /// books.aggregate(kith::Count("id"_f), kith::Avg("price"_f))`; for a single aggregate, its value. Count is a
    /// std::int64_t, the others are a std::optional, which is empty without values. One statement, even if the rows are
    /// loaded; none for none().
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
    /// Computes aggregates for each group of rows that have the same values: `posts.group_by<"status",
    /// "author__name">(kith::Count("id"_f), kith::Sum("views"_f))` returns a std::vector of std::tuple, the values
    /// first, then the aggregates, each of the type that values_list and aggregate give. `kith::having(…)` chooses
    /// groups. One statement. Groups have an order only if order_by named grouped values. Throws ValueError for a
    /// slice, distinct(), and an order by anything else.
    template <detail::FixedString... Path, class A>
        requires(sizeof...(Path) > 0)
    auto group_by(const A& a, std::source_location where = std::source_location::current()) const {
        return groups_at<Path...>(where, a);
    }
    template <detail::FixedString... Path, class A, class B>
        requires(sizeof...(Path) > 0)
    auto group_by(const A& a, const B& b, std::source_location where = std::source_location::current()) const {
        return groups_at<Path...>(where, a, b);
    }
    template <detail::FixedString... Path, class... A>
        requires(sizeof...(Path) > 0 && sizeof...(A) > 2)
    auto group_by(const A&... arguments) const {
        return groups_at<Path...>({}, arguments...);
    }
    // ---- writing: through all() of a set it also forgets what the set had loaded

    /// Inserts a copy of `row` and returns it with its key: `create({.name = "Wuhan City", .province = hubei})`. One
    /// statement; through a set as RelatedSet::create. Throws IntegrityError if the key exists, ValueError for a value
    /// that the column cannot hold.
    Ref<M> create(const M& row, std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.create(&row, where));
    }
    /// The same, and gives sets of the new row what `kith::with(…)` says, all or nothing: `create({.title = "Wild
    /// Grass"}, kith::with("authors"_f, {lu, mo}))`. The sets of the returned row are not loaded. One statement for the
    /// row and one for each set that is given something, or for each 500 new rows; on PostgreSQL one for all of them,
    /// in one round trip, where it can be. Throws IntegrityError for a row to link that is not in the database,
    /// ValueError for one that was never saved; else as create() and bulk_create().
    template <class S>
    Ref<M> create(const M& row, S set, std::source_location where = std::source_location::current()) const {
        return create_at(where, row, set);
    }
    template <class S, class T>
    Ref<M> create(const M& row, S set, T other, std::source_location where = std::source_location::current()) const {
        return create_at(where, row, set, other);
    }
    template <class... S>
        requires(sizeof...(S) > 2)
    Ref<M> create(const M& row, S... sets) const {
        return create_at({}, row, sets...);
    }
    /// The same, unless another row has the same values of a unique key: then that row is updated, or left as it is.
    /// `create({.sku = {"A-17"}, .price = 3}, kith::on_conflict("sku"_f).update("price"_f))` returns the row as the
    /// database has it; with `.ignore()` it returns an empty Ref if there is such a row. One statement, in
    /// a transaction; on MariaDB two with `.ignore()`. Throws as bulk_create().
    template <class Rule>
        requires detail::is_conflict<Rule>
    Ref<M> create(const M& row, Rule rule, std::source_location where = std::source_location::current()) const {
        return Ref<M>(handle_.create(&row, detail::conflict_spec<M>(rule), where));
    }
    /// Returns the row for which all conditions hold, or a new one with the values of these and of `kith::defaults(…)`;
    /// and whether it is new. One statement, or two if the row is new; three if another connection inserts it in
    /// between, which counts as found. Throws MultipleObjectsReturned, and FieldError if a new row is needed and a
    /// condition is no assignment.
    template <class A>
    std::pair<Ref<M>, bool> get_or_create(A a, std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::get_or_create_row, where, a);
    }
    template <class A, class B>
    std::pair<Ref<M>, bool> get_or_create(A a, B b,
                                          std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::get_or_create_row, where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) > 2)
    std::pair<Ref<M>, bool> get_or_create(C... arguments) const {
        return found_or_created(&detail::get_or_create_row, {}, arguments...);
    }
    /// As get_or_create(), but updates a row that was found with `kith::defaults(…)`. One statement or two, in one
    /// transaction.
    template <class A>
    std::pair<Ref<M>, bool> update_or_create(A a, std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::update_or_create_row, where, a);
    }
    template <class A, class B>
    std::pair<Ref<M>, bool> update_or_create(A a, B b,
                                             std::source_location where = std::source_location::current()) const {
        return found_or_created(&detail::update_or_create_row, where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) > 2)
    std::pair<Ref<M>, bool> update_or_create(C... arguments) const {
        return found_or_created(&detail::update_or_create_row, {}, arguments...);
    }
    /// Sets columns of all rows in the database, and returns their number: `update("stock"_f = 0, "sold"_f =
    /// "ordered"_f)`. Loaded rows do not change. One statement. Throws ValueError on a slice and for a read-only model.
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
    /// As update(), and returns the rows as the statement leaves them, in the order of their primary keys (texts by
    /// bytes): `update_returning("state"_f = "sent")`. The rows are new ones, with the columns that this QuerySet
    /// loads; its lookups are not loaded. All or nothing. One statement; three on MariaDB, which has no UPDATE …
    /// RETURNING: the keys are read and locked, then the rows of these keys updated and read. Throws as update(),
    /// FieldError for a primary key, and on MariaDB ValueError for a model with a composite one.
    template <class A>
    std::vector<Ref<M>> update_returning(A a, std::source_location where = std::source_location::current()) const {
        return update_returning_at(where, a);
    }
    template <class A, class B>
    std::vector<Ref<M>> update_returning(A a, B b, std::source_location where = std::source_location::current()) const {
        return update_returning_at(where, a, b);
    }
    template <class... C>
        requires(sizeof...(C) > 2)
    std::vector<Ref<M>> update_returning(C... assignments) const {
        return update_returning_at({}, assignments...);
    }
    /// Deletes all rows from the database, and returns their number, without those that `on_delete` deletes. One
    /// statement, and one for each ReverseGeneric of the model. Throws ValueError on a slice and for a read-only model.
    std::int64_t remove(std::source_location where = std::source_location::current()) const {
        return handle_.remove(where);
    }

    /// Returns the database's plan for the main statement. One statement.
    std::string explain() const { return handle_.explain(); }

private:
    using detail::RowRange<M>::handle_;
    using CreateCall = decltype(&detail::get_or_create_row);

    template <class... S>
    Ref<M> create_at(std::source_location where, const M& row, S&... sets) const {
        const detail::NewSet given[]{detail::new_set<M>(sets)...};
        return Ref<M>(handle_.create(&row, given, where));
    }
    template <class... C>
    Ref<M> get_at(std::source_location where, C&... conditions) const {
        return Ref<M>(detail::get_row(handle_, {detail::checked<M, detail::PathUse::condition>(conditions)...}, where));
    }
    template <class... A>
    auto aggregate_at(std::source_location where, const A&... aggregates) const {
        detail::AggregateTuple<M, A...> values;
        handle_.aggregate({detail::checked_aggregate<M>(aggregates)...}, detail::targets_in(values), &values, where);
        if constexpr (sizeof...(A) > 1) {
            return values;
        } else {
            return std::get<0>(std::move(values));
        }
    }
    template <detail::FixedString... Path, class... A>
    auto groups_at(std::source_location where, const A&... arguments) const {
        using Tuple = typename detail::GroupType<M, detail::ValueTuple<M, Path...>, A...>::type;
        detail::GroupSpec spec;
        (detail::take_group_argument<M>(spec, arguments), ...);
        auto targets = detail::targets_in(Tuple{});
        std::size_t i = 0;
        ((targets[i++].path = Path.view()), ...);
        std::vector<Tuple> groups;
        handle_.groups(spec, targets, &detail::append_values<Tuple>, &groups, where);
        return groups;
    }
    template <class... C>
    std::pair<Ref<M>, bool> found_or_created(CreateCall call, std::source_location where, C&... arguments) const {
        auto [row, created] = call(handle_, {detail::checked_argument<M>(arguments)...}, where);
        return {Ref<M>(std::move(row)), created};
    }
    template <class... C>
    std::vector<Ref<M>> update_returning_at(std::source_location where, C&... assignments) const {
        std::vector<Ref<M>> changed;
        auto rows = detail::update_returning_rows(
            handle_, {detail::checked<M, detail::PathUse::assignment>(assignments)...}, where);
        for (auto& row : rows) changed.emplace_back(std::move(row));
        return changed;
    }
    template <class... C>
    std::int64_t update_at(std::source_location where, C&... assignments) const {
        return detail::update_rows(handle_, {detail::checked<M, detail::PathUse::assignment>(assignments)...}, where);
    }
};

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

template <class M>
QuerySet<M> Database::all_objects() const {
    return QuerySet<M>(detail::QueryHandle::of_all_rows(*this, detail::model<M>()));
}

} // namespace kith
