#pragma once

#include "query/query.hpp"

#include <kith/detail/core/lookup_spec.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// The refinements of a QuerySet: each returns a changed copy. Errors are thrown here, before any statement runs.
namespace kith::query {

using detail::Expr;
using detail::Query;
using QueryPtr = std::shared_ptr<const Query>;

/// Adds the conditions of one filter or exclude call to `query`, which is not shared yet.
void filter(Query& query, const std::vector<Expr>& conditions, bool negated);
QueryPtr filtered(const Query& query, const std::vector<Expr>& conditions, bool negated);
QueryPtr ordered(const Query& query, std::span<const std::string_view> names);
QueryPtr reversed(const Query& query);
QueryPtr distinct(const Query& query);
QueryPtr sliced(const Query& query, std::size_t first, std::size_t last);
QueryPtr with_selected(const Query& query, std::span<const std::string_view> paths);
QueryPtr with_only(const Query& query, std::span<const std::string_view> columns);
QueryPtr with_deferred(const Query& query, std::span<const std::string_view> columns);
/// The Lazy columns that only() and defer() leave out of rows of `model`, reached through `relations` from the query's
/// own rows.
std::vector<const FieldInfo*> left_out(const Query& query, std::span<const RelationInfo* const> relations,
                                       const ModelInfo& model);
/// Throws FieldError if the annotation cannot hold the result of the aggregate.
QueryPtr annotated(const Query& query, const std::vector<detail::AnnotationSpec>& annotations);
/// Throws ValueError for options that exclude each other, and for a query whose rows are not those of a table.
QueryPtr with_lock(const Query& query, const detail::LockSpec& lock);
QueryPtr with_lookups(const Query& query, const std::vector<detail::LookupSpec>& lookups);
/// The condition that a row belongs to the set that `set` reads; the other conditions of `set` are ignored.
ResolvedCondition in_set(const Query& set);
/// The rows of both queries, or of either; everything but the conditions comes from `a`. Throws ValueError for slices.
QueryPtr both(const Query& a, const Query& b);
QueryPtr either(const Query& a, const Query& b);
/// Runs the caller's statement instead. Throws ValueError if `query` has more than a model and its lookups.
QueryPtr with_raw(const Query& query, RawSql raw);
/// Orders by primary key if nothing else orders it, as `first()` needs.
QueryPtr with_some_order(const Query& query);

/// Whether order_by or the model's ordering orders the rows.
bool has_order(const Query& query);

/// Throws ValueError "Cannot <action> a query once a slice has been taken." when `query` is sliced.
void require_unsliced(const Query& query, std::string_view action);

/// A copy of `query` after `change` was applied to it.
template <class F>
QueryPtr changed(const Query& query, F&& change) {
    auto copy = std::make_shared<Query>(query);
    change(*copy);
    return copy;
}

} // namespace kith::query
