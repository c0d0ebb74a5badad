#pragma once

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/loading_plan.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The doors from the typed shell into the core. No function here knows a C++ model type: rows are addresses beside a
/// ModelInfo. All of them are implemented in src/, compiled once.
namespace kith {

class Database;

namespace observe {
struct CallInfo;
}

/// `iterator({.chunk_size = 2000, .snapshot = true})`.
struct IteratorOptions {
    /// Rows taken from the database at a time, and prefetched together. Required after prefetch_related.
    std::optional<std::size_t> chunk_size{};
    /// One view of the database for the whole stream rather than for each statement.
    bool snapshot{false};
};

namespace detail {

struct Query;
class QueryHandle;
struct StreamState;

/// One argument of prefetch_related, erased: a path, with or without a queryset and a slot.
struct LookupSpec {
    std::string path{};
    std::shared_ptr<const Query> queryset{};
    std::string to_attr{};
};

/// One argument of annotate, erased: the aggregate and the Annotation that it fills.
struct AnnotationSpec {
    std::string slot{};
    AggregateExpr aggregate{};
};

/// A row or a key, as the writing methods of sets and `contains` take them.
struct RowOrKey {
    const void* row{nullptr};
    void* writable{nullptr}; ///< `row` again where the caller may see its foreign key change
    Value key{};             ///< when there is no row
};

/// Where one column of values_list goes: an offset into the tuple, with the way to reach an optional.
struct ValueTarget {
    std::string_view path{};
    ColumnType type{};
    const ColumnAccess* access{nullptr};
    const EnumTable* names{nullptr};
    std::size_t offset{0};
};

/// A stream of rows in chunks, each chunk a graph of its own. Move-only; closing it ends its statement.
class StreamHandle {
public:
    StreamHandle() noexcept;
    explicit StreamHandle(std::unique_ptr<StreamState> state) noexcept;
    StreamHandle(StreamHandle&&) noexcept;
    StreamHandle& operator=(StreamHandle&&) noexcept;
    ~StreamHandle();

    /// The next row, or null at the end. The row lives until the next chunk is fetched, unless it is held.
    void* next();

private:
    std::unique_ptr<StreamState> state_;
};

/// A QuerySet without its type. Either a query that is evaluated once, at first use, into a cache which copies share,
/// or the view of one row's set. Copying is cheap; refinements give a new, unevaluated handle.
class QueryHandle {
public:
    QueryHandle() noexcept;
    /// All rows, or those of the model's default queryset. ValueError when default querysets prefetch each other in a
    /// circle.
    static QueryHandle of_model(const Database& db, const ModelInfo& model);
    explicit QueryHandle(std::shared_ptr<const Query> query);
    /// The set behind a relation member. Throws ValueError when its row was never saved.
    static QueryHandle of_set(const RelationState& set);
    QueryHandle(const QueryHandle&);
    QueryHandle(QueryHandle&&) noexcept;
    QueryHandle& operator=(const QueryHandle&);
    QueryHandle& operator=(QueryHandle&&) noexcept;
    ~QueryHandle();

    const ModelInfo& model() const;
    /// What would be asked, for use as a subquery or in a Prefetch.
    std::shared_ptr<const Query> query() const;

    // Refinements: no statement. FieldError for a path that does not exist, ValueError for one that cannot be used.
    QueryHandle filter(std::vector<Expr> conditions) const;
    QueryHandle exclude(std::vector<Expr> conditions) const;
    QueryHandle order_by(std::span<const std::string_view> names) const;
    QueryHandle reverse() const;
    QueryHandle distinct() const;
    QueryHandle slice(std::size_t first, std::size_t last) const;
    QueryHandle select_related(std::span<const std::string_view> paths) const;
    QueryHandle without_select_related() const;
    QueryHandle prefetch_related(std::vector<LookupSpec> lookups) const;
    QueryHandle without_prefetch_related() const;
    QueryHandle only(std::span<const std::string_view> columns) const;
    QueryHandle defer(std::span<const std::string_view> columns) const;
    /// Nothing is left out any more, by only() neither.
    QueryHandle without_defer() const;
    QueryHandle annotate(std::vector<AnnotationSpec> annotations) const;
    QueryHandle on(const Database& db) const;
    QueryHandle fetch_mode(FetchMode mode) const;
    QueryHandle all() const;
    QueryHandle none() const;
    /// The rows of a statement of the user's own. ValueError where this query is more than a model and its lookups.
    QueryHandle raw(std::string sql, std::vector<Value> parameters) const;
    /// Rows that are in both, or in either.
    QueryHandle both(const QueryHandle& other) const;
    QueryHandle either(const QueryHandle& other) const;

    // `where` is the caller's place in the source, which observers are told.

    // Evaluation: one statement and those of the lookups, once; then none.
    RowSpan rows(std::source_location where = {}) const;
    /// Row `index` of the evaluated cache. Throws ValueError beyond its end.
    void* at(std::size_t index) const;

    // Each asks the database, or the cache when there is one.
    RowHandle first(std::source_location where = {}) const;
    RowHandle last(std::source_location where = {}) const;
    RowHandle get(std::vector<Expr> conditions, std::source_location where = {}) const;
    std::int64_t count(std::source_location where = {}) const;
    bool exists(std::source_location where = {}) const;
    bool contains(const RowOrKey& row, std::source_location where = {}) const;
    void values(std::span<const ValueTarget> targets, void* (*append)(void* list), void* list,
                std::source_location where = {}) const;
    /// One value per aggregate; `targets` name no paths.
    void aggregate(std::vector<AggregateExpr> aggregates, std::span<const ValueTarget> targets, void* values,
                   std::source_location where = {}) const;
    StreamHandle iterator(IteratorOptions options, std::source_location where = {}) const;

    // Writes.
    /// Copies the detached `row` into a graph of its own, inserts it and gives the resident copy.
    RowHandle create(const void* row, std::source_location where = {}) const;
    /// `rows` are `count` addresses of detached rows. One statement per bounded batch, all in one transaction.
    std::vector<RowHandle> bulk_create(std::span<const void* const> rows, std::source_location where = {}) const;
    std::pair<RowHandle, bool> get_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                             std::source_location where = {}) const;
    std::pair<RowHandle, bool> update_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                                std::source_location where = {}) const;
    /// Assignments are comparisons with `exact`. Gives the number of rows changed.
    std::int64_t update(std::vector<Expr> assignments, std::source_location where = {}) const;
    /// Gives the number of rows deleted, without those that the database deleted in their wake.
    std::int64_t remove(std::source_location where = {}) const;

    std::string sql() const;
    std::string explain() const;
    LoadingPlan loading_plan() const;

private:
    struct State;

    QueryHandle(std::shared_ptr<const Query> query, RowSpan rows, std::shared_ptr<const void> hold);
    /// The query itself, made from the set when this is the view of one.
    const Query& source(std::shared_ptr<const Query>& made) const;
    /// The rows when they are there already.
    std::optional<RowSpan> cached() const;
    /// The methods of these names as parts of a larger work.
    RowHandle get_for(const std::vector<Expr>& conditions, const observe::CallInfo& call) const;
    RowHandle first_for(const observe::CallInfo& call) const;
    std::pair<RowHandle, bool> get_or_create_for(const std::vector<Expr>& conditions, const std::vector<Expr>& defaults,
                                                 const observe::CallInfo& call) const;

    std::shared_ptr<State> state_; // a query and its cache; null for the view of a loaded set
    RowHandle set_;                // the member whose rows are shown, held like a row
    RowSpan view_{};               // its rows
    RowHandle view_hold_;          // and the hold on them
};

/// The name of the enumerator at `at`, whose type is called `type`. Throws ValueError where it has none.
std::string_view name_of_enum(const EnumTable& names, const void* at, std::string_view type);

// ---- rows as values

/// A row, or a list of rows, as the right-hand side of a condition. Rows may be detached; what the condition can need
/// of them is copied. Throws ValueError for a row that was never saved.
Operand row_operand(const ModelInfo& model, const void* row);
Operand rows_operand(const ModelInfo& model, std::span<const void* const> rows);

// ---- to-one members

/// The related row, loading it when needed (one statement). Throws DoesNotExist where the key is null or dangling,
/// NotLoaded where no database is known.
void* follow(const RelationState& state);
/// The same where the key lies in other members, which an object that was never saved does not tell of: NotLoaded.
void* follow_composite(const RelationState& state);
/// The same as follow(), with null in place of DoesNotExist.
void* follow_if(const RelationState& state);
bool to_one_is_null(const RelationState& state);
/// The same where the key lies in other members. Those of an object that was never saved are not known: true, unless a
/// row was assigned.
bool composite_is_null(const RelationState& state);
bool to_one_is_loaded(const RelationState& state);
/// Whether there is a related row: no statement for a foreign key, one for an unloaded ReverseOne.
bool to_one_has_row(const RelationState& state);
/// The key; NULL as an empty Value. Never a statement.
Value to_one_key(const RelationState& state);
void to_one_set_key(RelationState& state, Value key);
/// The same for a key of several columns, whose values go to the members that hold it; a NULL among them is no row.
void to_one_set_parts(RelationState& state, std::vector<Value> parts);
/// Makes the resident `row` the related one. `to_field` is the target's member that holds the key; empty: its primary
/// key.
void to_one_assign(RelationState& state, void* row, std::string_view to_field);
/// Takes over the key of `row`, which may be any row of `target`. Throws ValueError when it was never saved.
void to_one_copy_key(RelationState& state, const ModelInfo& target, const void* row, std::string_view to_field);
/// Leaves a detached member with its key alone: it knows no graph any more. Sets know nothing.
void detach(RelationState& state);
/// The row in a PrefetchedOne, null when the Prefetch found none. Throws NotLoaded when no Prefetch filled it.
void* slot_row(const RelationState& state);

// ---- sets

/// The rows of a PrefetchedSet. Throws NotLoaded when no Prefetch filled it.
RowSpan slot_rows(const RelationState& state);
bool set_is_loaded(const RelationState& state);
void set_add(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_remove(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
void set_clear(const RelationState& state, std::source_location where = {});
void set_assign(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where = {});
/// Inserts a copy of the detached `row` as a member of the set.
RowHandle set_create(const RelationState& state, const void* row, std::source_location where = {});

/// Reads the rows of a user's statement into the tuples that `append` makes. ValueError when it has another number of
/// columns than there are targets.
void read_raw(const Database& db, std::string_view sql, std::vector<Value> parameters,
              std::span<const ValueTarget> targets, void* (*append)(void* list), void* list,
              std::source_location where = {});

/// Loads `lookups` into rows that exist already, resident ones, fetching only what is missing.
void prefetch_rows(const ModelInfo& model, std::span<void* const> rows, std::vector<LookupSpec> lookups,
                   std::source_location where = {});

} // namespace detail
} // namespace kith
