#pragma once

#include <kith/bulk_create_options.hpp>
#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_description.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/row_handle.hpp>
#include <kith/detail/core/stream_handle.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/iterator_options.hpp>
#include <kith/limits.hpp>
#include <kith/load_strategy.hpp>
#include <kith/loading_plan.hpp>
#include <kith/page_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The interface between the typed QuerySet and the engine. The engine knows no C++ model types: a row is an address,
/// with a ModelInfo. Implemented in src/run/query_handle.cpp; the writing methods in src/write/query_writes.cpp.
namespace kith {

class Database;

namespace observe {
struct CallInfo;
}

namespace detail {

struct AnnotationSpec;
class AnyAggregate;

/// A QuerySet without its type: a query that is evaluated once, at its first use, into a cache that copies share; or
/// the view of a loaded set. Copying is cheap. Refinements return a new, unevaluated handle.
class QueryHandle {
public:
    QueryHandle() noexcept;
    /// Returns the query for all rows, or the default queryset of the model. Throws ValueError if default querysets
    /// prefetch each other in a cycle.
    static QueryHandle of_model(const Database& db, const ModelInfo& model);
    static QueryHandle of_all_rows(const Database& db, const ModelInfo& model);
    explicit QueryHandle(std::shared_ptr<const Query> query);
    /// Returns the set of a relation member. Throws ValueError if its row was never saved.
    static QueryHandle of_set(const RelationState& set);
    QueryHandle(const QueryHandle&);
    QueryHandle(QueryHandle&&) noexcept;
    QueryHandle& operator=(const QueryHandle&);
    QueryHandle& operator=(QueryHandle&&) noexcept;
    ~QueryHandle();

    const ModelInfo& model() const;
    /// Returns the query; if this is the view of a set, makes it from the set.
    std::shared_ptr<const Query> query() const;

    // Refinements: no statement. They throw FieldError for a path that does not exist, ValueError for one that cannot
    // be used.
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
    /// Leaves nothing out: takes back defer() and only().
    QueryHandle without_defer() const;
    QueryHandle annotate(std::vector<AnnotationSpec> annotations) const;
    QueryHandle select_for_update(const LockSpec& lock) const;
    QueryHandle on(const Database& db) const;
    QueryHandle fetch_mode(FetchMode mode) const;
    QueryHandle load_strategy(LoadStrategy strategy) const;
    QueryHandle deadline(std::chrono::milliseconds longest, std::stop_token token) const;
    QueryHandle stop(std::stop_token token) const;
    QueryHandle limits(const Limits& limits) const;
    QueryHandle all() const;
    QueryHandle none() const;
    /// The rows of a raw statement. Throws ValueError if this query is more than a model and its lookups.
    QueryHandle raw(std::string sql, ValueList parameters) const;
    /// The rows that are in both queries, or in either. Throws ValueError for slices, for queries of two databases, and
    /// if only one of them is distinct.
    QueryHandle both(const QueryHandle& other) const;
    QueryHandle either(const QueryHandle& other) const;

    // `where` is the source position of the call, for observers.

    // Evaluation: one statement and those of the lookups at the first use; then none.
    RowSpan rows(std::source_location where = {}) const;
    /// Returns row `index`. Throws ValueError beyond the end.
    void* at(std::size_t index) const;

    // first(), last(), count(), exists() and contains() use the cache if there is one. The others query the database,
    // except get() by primary key on a loaded set.
    RowHandle first(std::source_location where = {}) const;
    RowHandle last(std::source_location where = {}) const;
    RowHandle get(std::vector<Expr> conditions, std::source_location where = {}) const;
    std::int64_t count(std::source_location where = {}) const;
    bool exists(std::source_location where = {}) const;
    bool contains(const RowOrKey& wanted, std::source_location where = {}) const;
    void values(std::span<const ValueTarget> targets, void* (*append)(void* list), void* list,
                std::source_location where = {}) const;
    /// One value for each aggregate. The paths of `targets` are empty.
    void aggregate(std::initializer_list<const AnyAggregate*> aggregates, std::span<const ValueTarget> targets,
                   void* values, std::source_location where = {}) const;
    /// The values of `targets` in each group, then one for each aggregate, whose targets have no path.
    void groups(const GroupSpec& spec, std::span<const ValueTarget> targets, void* (*append)(void* list), void* list,
                std::source_location where = {}) const;
    StreamHandle iterator(IteratorOptions options, std::source_location where = {}) const;

    // Pages. Implemented in src/run/page.cpp.
    bool totally_ordered() const;
    QueryHandle in_total_order() const;
    /// The rows of a page, and the tokens of the pages beside it.
    struct KeyPage;
    KeyPage page(const PageOptions& options, std::source_location where = {}) const;
    /// The rows of a page, and the number of all rows.
    struct NumberedPage;
    NumberedPage numbered_page(std::size_t number, std::size_t size, std::source_location where = {}) const;
    QueryHandle page_of(const PageOptions& options) const;
    std::string page_token(const void* row) const;

    /// One of what evaluate_together() is given.
    struct Asked;
    /// Evaluates QuerySets of one Database, counts and aggregates in one snapshot, all or nothing. Statements as for
    /// each of them alone; in one round trip if the database takes several at once, but for lookups that have to wait.
    /// Throws ValueError for QuerySets of several Databases. Implemented in src/run/together.cpp.
    static void evaluate_together(std::span<const Asked> asked, std::source_location where = {});

    // Writes.
    /// Copies the detached `row` into a new graph, inserts it, and returns the resident copy.
    RowHandle create(const void* row, std::source_location where = {}) const;
    /// The same with the rows of its sets, all or nothing. In one statement if the database takes that.
    RowHandle create(const void* row, std::span<const NewSet> sets, std::source_location where = {}) const;
    /// The same for a row with whose key another one may exist. Returns null if the row is ignored.
    RowHandle create(const void* row, const ConflictSpec& conflict, std::source_location where = {}) const;
    /// Detached rows, one behind the other.
    struct RowArray {
        const void* first{nullptr};
        std::size_t count{0};
        std::size_t bytes{0}; ///< of each
    };
    /// How bulk_create() runs.
    struct BulkCreate {
        const ConflictSpec* conflict{nullptr}; ///< null: a row that exists is an error
        const BulkCreateOptions* options{nullptr};
        bool names_rows{true}; ///< in errors
    };
    /// One statement for each batch of at most 500 rows, in one transaction. A row that is ignored is returned as null.
    std::vector<RowHandle> bulk_create(const RowArray& given, const BulkCreate& how,
                                       std::source_location where = {}) const;
    std::pair<RowHandle, bool> get_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                             std::source_location where = {}) const;
    std::pair<RowHandle, bool> update_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                                std::source_location where = {}) const;
    /// Assignments are comparisons with `exact`. Returns the number of rows changed.
    std::int64_t update(std::vector<Expr> assignments, std::source_location where = {}) const;
    /// The same. Returns the rows as they are then.
    std::vector<RowHandle> update_returning(std::vector<Expr> assignments, std::source_location where = {}) const;
    /// Writes these members of `rows`, each into its row of the database. Returns the number of rows found.
    std::int64_t bulk_update(std::span<const void* const> rows, std::span<const std::string_view> members,
                             std::source_location where = {}) const;
    /// Returns the number of rows deleted, without those that `on_delete` deleted.
    std::int64_t remove(std::source_location where = {}) const;

    std::string sql() const;
    std::string explain() const;
    LoadingPlan loading_plan() const;

private:
    struct State;

    QueryHandle(std::shared_ptr<const Query> query, RowSpan rows, std::shared_ptr<const void> hold);
    /// Returns the rows if they are loaded.
    std::optional<RowSpan> cached() const;
    /// get(), first() and get_or_create() as parts of another call.
    RowHandle get_for(const std::vector<Expr>& conditions, const observe::CallInfo& call) const;
    RowHandle first_for(const observe::CallInfo& call) const;
    std::pair<RowHandle, bool> get_or_create_for(const std::vector<Expr>& conditions, const std::vector<Expr>& defaults,
                                                 const observe::CallInfo& call) const;

    friend class Together;

    std::shared_ptr<State> state_; // a query and its cache; null for the view of a loaded set
    RowHandle set_;                // the member whose rows are shown, held like a row
    RowSpan view_{};               // its rows
    RowHandle view_hold_;          // and the hold on them
};

struct QueryHandle::KeyPage {
    QueryHandle rows{};
    std::string next{};
    std::string previous{};
};

struct QueryHandle::NumberedPage {
    QueryHandle rows{};
    std::int64_t count{0};
};

struct QueryHandle::Asked {
    enum class What : std::uint8_t { rows, count, aggregates };

    What what{What::rows};
    QueryHandle rows{}; ///< rows fill its cache
    std::vector<const AnyAggregate*> aggregates{};
    std::vector<ValueTarget> targets{};
    void* values{nullptr}; ///< of the aggregates; a std::int64_t for a count
};

} // namespace detail
} // namespace kith
