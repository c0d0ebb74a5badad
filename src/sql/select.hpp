#pragma once

#include "query/query.hpp"
#include "sql/row_plan.hpp"
#include "sql/statement.hpp"
#include "sql/writer.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

/// From queries to SELECT statements, and to the plan of what their columns are.
namespace kith::sql {

using detail::Query;
using detail::RelationInfo;

struct RowsAbove;

/// Where the keys of a lookup come from: they were collected from the rows above, or these rows have not arrived yet.
struct KeyOrigin {
    std::shared_ptr<const KeySet> keys{};
    const RowsAbove* above{nullptr}; ///< instead of keys; must live as long as it is used

    KeyOrigin(std::shared_ptr<const KeySet> set) : keys(std::move(set)) {}
    explicit KeyOrigin(const RowsAbove& rows) : above(&rows) {}
};

/// The rows that a lookup starts from, told by the statement that selects them.
struct RowsAbove {
    const Query* query{nullptr};           ///< of the first rows; else null, and they are what
    bool whole{false};                     ///< its slice has no effect
    const RelationInfo* relation{nullptr}; ///< this relation leads to
    KeyOrigin from{nullptr};               ///< from these keys,
    const Query* queryset{nullptr};        ///< as this selects them; null for all of them
};

/// The rows of `query`.
Statement select_rows(const Query& query, const Dialect& dialect, RowPlan& plan);

/// The rows that `relation` leads to from a set of keys, which belong to the relation's source columns. A column of the
/// result identifies the key of each row: by ordinal, or by the key itself if Dialect::matches_by_key says so.
/// `queryset` is the Prefetch's own, or null. Keys that come from RowsAbove must be such that they match by key.
Statement select_related_rows(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset,
                              const Dialect& dialect, RowPlan& plan);

/// The values of `column`, which the model of `query` has, in its rows, as a subselect. Without `sliced`, of all rows
/// that its conditions choose.
std::string select_column(const Query& query, const detail::FieldInfo& column, bool sliced, Writer& writer);
/// The values of `column` in `rows`, as a subselect.
std::string select_column(const RowsAbove& rows, const detail::FieldInfo& column, Writer& writer);

/// The column of a many-to-many's join table that holds the source's key.
KeyColumn source_key_of_links(const RelationInfo& relation);
/// The pairs shape of a many-to-many, first statement: what identifies the source key, then the target key. One row per
/// link.
Statement select_links(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Dialect& dialect);
/// Second statement: the targets that have one of `keys`, each once with its key as above, in the order of
/// `queryset` or of the model.
Statement select_targets(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Query* queryset,
                         const Dialect& dialect, RowPlan& plan);

/// `column` of the rows that have one of `keys`: the ordinal of the key, then the value.
Statement select_column_of_keys(const detail::FieldInfo& column, std::shared_ptr<const KeySet> keys,
                                const Dialect& dialect);

/// `SELECT` of single columns for values_list.
Statement select_values(const Query& query, std::span<const query::ColumnPath> paths, const Dialect& dialect);
/// One row with a value per aggregate. Each is computed over the rows of `given`, whatever sets the others go through.
Statement select_aggregates(const Query& given, std::span<const query::ResolvedAggregate> aggregates,
                            const Dialect& dialect);
/// One row for each group: its values, then its aggregates. Throws ValueError for an order by other values, and for
/// aggregates whose rows another set would multiply.
Statement select_groups(const Query& query, const query::Grouping& grouping, const Dialect& dialect);
Statement select_count(const Query& query, const Dialect& dialect);
Statement select_exists(const Query& query, const Dialect& dialect);

class Where;
/// `EXISTS (SELECT …)` for the rows of `query`, as a condition that `outer` writes.
std::string select_exists_of(const Query& query, Where& outer, Writer& writer);

/// A subselect of the primary keys of `query`'s rows, or of the column that `compared_with` refers to.
std::string select_keys(const Query& query, const detail::FieldInfo& compared_with, Writer& writer);

} // namespace kith::sql
