#pragma once

#include "query/query.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

/// From text to paths. Literals were checked by the compiler; run-time strings are checked here, by the same rules.
namespace kith::query {

using detail::Expr;

/// Where paths start: at a model, with the annotations of the QuerySet that they belong to.
struct PathRoot {
    const ModelInfo& model;
    std::span<const ResolvedAnnotation> annotations{};
    std::size_t most_relations{16}; ///< ConnectOptions::max_lookup_depth

    PathRoot(const ModelInfo& start) : model(start) {}
    PathRoot(const detail::Query& query)
        : model(*query.model), annotations(query.annotations), most_relations(query.db.options().max_lookup_depth) {}
};

/// `a__b__column`, `pk` and raw key columns (`province_id`) included. A relation at the end stands for its key.
/// Throws FieldError naming the model, the part and the existing members.
ColumnPath resolve_column(const PathRoot& root, std::string_view text);

/// Resolves a condition tree. Throws FieldError for a wrong path or lookup, ValueError for a value that the column
/// cannot be compared with.
ResolvedCondition resolve_condition(const PathRoot& root, const Expr& expr);

/// Resolves a computed value. Throws FieldError for a wrong path, or an operation that does not take its values.
ResolvedValue resolve_value(const PathRoot& root, const detail::ValueExpr& expr);
/// The same for what `path` is compared with. Throws ValueError if their types differ.
ResolvedValuePtr resolve_compared(const PathRoot& root, const ColumnPath& path, FieldLookup lookup,
                                  const detail::ValueExpr& expr);
/// Finds the type of a value from those of its operands. Throws FieldError as resolve_value().
void judge_value(const PathRoot& root, ResolvedValue& value);
/// Throws ValueError unless the column can store values of this type as they are.
void require_taken(const FieldInfo& column, const ResolvedValue& value);

/// Throws FieldError if the function cannot be computed from the path's column. Without a path it is about the rows
/// themselves.
ResolvedAggregate resolve_aggregate(const PathRoot& root, const detail::AggregateExpr& expr);
/// Throws FieldError as resolve_aggregate(), ValueError for a value that the aggregate cannot be compared with.
ResolvedHaving resolve_having(const PathRoot& root, const detail::HavingExpr& expr);
/// The type of an aggregate's result.
detail::ColumnType result_type(const ResolvedAggregate& aggregate);
/// The type of what it is computed from.
detail::ColumnType argument_type(const ResolvedAggregate& aggregate);
/// Whether the value at the end of the path may be NULL, or there may be none.
bool may_be_null(const ColumnPath& path);
/// Whether the path leads through a set.
bool leads_to_many(const ColumnPath& path);
bool leads_to_many(const ResolvedAggregate& aggregate);
/// The first path of the value that leads through a set; null if none does.
const ColumnPath* path_to_many(const ResolvedValue& value);
/// The same for what a condition compares with.
const ColumnPath* path_to_many(const Right& right);

/// `-name` orders descending.
Order resolve_order(const PathRoot& root, std::string_view text);

/// A path of only() and defer(): through to-one relations to a Lazy column.
ColumnPath resolve_lazy(const ModelInfo& model, std::string_view text);

/// A path of select_related: to-one relations only.
std::vector<const RelationInfo*> resolve_selected(const PathRoot& root, std::string_view text);

} // namespace kith::query
