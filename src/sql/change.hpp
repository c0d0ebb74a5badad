#pragma once

#include "query/query.hpp"
#include "sql/dialect.hpp"
#include "sql/row_plan.hpp"
#include "sql/statement.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

/// INSERT, UPDATE and DELETE: of single rows, of the links behind sets, of all rows of a QuerySet.
namespace kith::sql {

using detail::ModelInfo;
using detail::Query;
using detail::RelationInfo;
class Writer;

/// What an INSERT does with a row whose values in `key` another row has; nothing if that is empty.
struct OnConflict {
    std::span<const FieldInfo* const> key{};
    std::span<const FieldInfo* const> updated{}; ///< in the row that exists; if empty, the new row is left out
};

/// One INSERT of `rows.size() / fields.size()` rows, values row by row. `returning`: columns to return.
Statement insert_rows(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                      std::span<const FieldInfo* const> returning, const Dialect& dialect,
                      const OnConflict& on_conflict = {});

/// Gives `insert`, which insert_rows() made for `fields`, other values, and takes them. False, and nothing is taken, if
/// its text must be another.
bool give_values(Statement& insert, std::span<const FieldInfo* const> fields, std::vector<Value>& values,
                 const Dialect& dialect);

/// The rows of insert_rows() as one statement whose text does not depend on their number: see Dialect::copy_from.
Statement copy_rows(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                    const Dialect& dialect);

/// What belongs to a set of a row and is inserted together with it: links to rows, or new rows that refer to it.
struct NewMembers {
    const RelationInfo* relation{nullptr};
    std::shared_ptr<const KeySet> linked{}; ///< of a many-to-many: the keys of the rows at its other end
    std::size_t rows{0};                    ///< the number of new rows, else
    std::vector<const FieldInfo*> fields{}; ///< their columns, without those that refer to the row
    std::vector<Value> values{};            ///< row by row
};

/// INSERT of one row as insert_rows(), and of its `members`, for a dialect that inserts_in_with(). Returns the columns
/// `returning` of the row; a constant if there are none.
Statement insert_with_members(const ModelInfo& model, std::span<const FieldInfo* const> fields,
                              std::vector<Value> values, std::span<const FieldInfo* const> returning,
                              std::vector<NewMembers> members, const Dialect& dialect);

/// `"version" = "version" + 1, "changed" = ?`: what every UPDATE of rows adds to the columns that it has `assigned`,
/// except that of a single row, which knows its version.
std::vector<std::string> own_assignments(const ModelInfo& model, std::span<const FieldInfo* const> assigned,
                                         Writer& writer);

/// UPDATE of one row by its primary key, and by its version behind it if the model has one.
Statement update_row(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                     std::vector<Value> key, const Dialect& dialect);
/// Adds a RETURNING of `columns`.
void append_returning(Statement& statement, std::span<const FieldInfo* const> columns, const Dialect& dialect);
/// Columns of one row by its primary key.
Statement select_row(const ModelInfo& model, std::span<const FieldInfo* const> columns, std::vector<Value> key,
                     const Dialect& dialect);
/// The rows with the values `keys` in the columns `by`, each as the ordinal of its key and the columns `returned`;
/// locked if `locks`.
Statement select_rows_of_keys(const ModelInfo& model, std::span<const FieldInfo* const> by,
                              std::shared_ptr<const KeySet> keys, std::span<const FieldInfo* const> returned,
                              bool locks, const Dialect& dialect);
/// DELETE of one row, found as by update_row().
Statement delete_row(const ModelInfo& model, std::vector<Value> key, const Dialect& dialect);

/// Whether links that a statement inserts may be there already.
enum class Links : bool { are_new, may_exist };

/// Links `source` with each of `targets`, skipping links that exist.
Statement insert_links(const RelationInfo& relation, Value source, std::shared_ptr<const KeySet> targets, Links links,
                       const Dialect& dialect);
/// Deletes the links of `source` to `targets`; all of its links if `targets` is null.
Statement delete_links(const RelationInfo& relation, Value source, std::shared_ptr<const KeySet> targets,
                       const Dialect& dialect);
/// The keys of the targets that `source` is linked to.
Statement select_link_targets(const RelationInfo& relation, Value source, const Dialect& dialect);

/// Deletes children behind the reverse end `relation` of a generic foreign key: those of `parent`, all or those with
/// primary keys `children`.
Statement delete_children(const RelationInfo& relation, Value parent, std::shared_ptr<const KeySet> children,
                          const Dialect& dialect);

/// Sets the foreign key behind the reverse end `relation` to `parent`, or its nullable columns to NULL if `parent` is
/// empty, in the children with primary keys `children`; with `only_of`, only in children of that parent.
Statement update_children(const RelationInfo& relation, std::vector<Value> parent,
                          std::shared_ptr<const KeySet> children, const std::vector<Value>* only_of,
                          const Dialect& dialect);

/// UPDATE and DELETE of the rows of a QuerySet. As update_children(), an UPDATE raises their versions too, and sets
/// their columns with kith::auto_now that it does not assign.
Statement update_rows(const Query& query, std::span<const query::ResolvedCondition> assignments,
                      const Dialect& dialect);
/// The same UPDATE, for a dialect that returns_updated(): returns the rows as they are then, without the Lazy columns
/// that the query leaves out.
Statement update_returning(const Query& query, std::span<const query::ResolvedCondition> assignments,
                           const Dialect& dialect, RowPlan& plan);
/// UPDATE of many rows of `query` by their primary keys, each with values of its own in `fields`, row by row.
Statement update_rows_of_keys(const Query& query, std::span<const FieldInfo* const> fields,
                              std::vector<std::vector<Value>> keys, std::vector<Value> values, const Dialect& dialect);
Statement delete_rows(const Query& query, const Dialect& dialect);
/// Deletes the rows behind the reverse end `relation` of a generic foreign key that lead to rows of `query`.
Statement delete_children_of(const RelationInfo& relation, const Query& query, const Dialect& dialect);

} // namespace kith::sql
