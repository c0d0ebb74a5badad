#pragma once

#include "backend/backend.hpp"
#include "query/query.hpp"
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

/// Columns of a result that make up one row of one model. The first part is the row that was asked for, the others
/// were joined by select_related.
struct RowPart {
    const detail::ModelInfo* model{nullptr};
    std::vector<backend::ColumnSlot> slots{};
    int first_column{0};
    std::vector<int> key_columns{};                   ///< where the columns of the primary key stand; one at least
    std::size_t parent{0};                            ///< the part whose member leads here
    const RelationInfo* relation{nullptr};            ///< null for the first part
    std::vector<const detail::FieldInfo*> left_out{}; ///< Lazy columns that are not among the slots
    std::vector<const detail::FieldInfo*> computed{}; ///< annotations that are
};

/// What the columns of a SELECT are.
struct RowPlan {
    std::vector<RowPart> parts{};
    int matched_column{0}; ///< where there is a key set: what tells for which key a row came (see select_related_rows)
};

/// The rows of `query`.
Statement select_rows(const Query& query, const Dialect& dialect, RowPlan& plan);

/// The rows that `relation` leads to from a set of keys. A column of the result tells for which key each came: by its
/// ordinal, or by the key itself where Dialect::matches_by_key says so. `queryset` is the Prefetch's own, or null. The
/// keys are those of the relation's source columns.
Statement select_related_rows(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Query* queryset,
                              const Dialect& dialect, RowPlan& plan);

/// The pairs shape of a many-to-many, first statement: what tells the source key, then the target key. One row per
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
Statement select_values(const Query& query, std::span<const query::Path> paths, const Dialect& dialect);
/// One row: a value per aggregate. Each is computed over the rows of `query`, whatever sets the others go through.
Statement select_aggregates(const Query& query, std::span<const query::Aggregate> aggregates, const Dialect& dialect);
Statement select_count(const Query& query, const Dialect& dialect);
Statement select_exists(const Query& query, const Dialect& dialect);

/// A subselect that gives the primary keys of `query`'s rows, or the column that `compared_with` refers to.
std::string select_keys(const Query& query, const detail::FieldInfo& compared_with, Writer& writer);

Statement update_rows(const Query& query, std::span<const query::Condition> assignments, const Dialect& dialect);
Statement delete_rows(const Query& query, const Dialect& dialect);
/// Deletes the rows behind the reverse end `relation` of a generic foreign key that lead to rows of `query`.
Statement delete_children_of(const RelationInfo& relation, const Query& query, const Dialect& dialect);

/// The slot of a column, or of an annotation.
backend::ColumnSlot slot_of(const detail::FieldInfo& field);

} // namespace kith::sql
