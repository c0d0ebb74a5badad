#pragma once

#include "query/query.hpp"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

/// From text to paths. Literals were checked by the compiler; run-time strings are checked here, with the same rules.
namespace kith::query {

using detail::Expr;

/// Where paths start: at a model, with the annotations of the QuerySet in which they are written.
struct Scope {
    const ModelInfo& model;
    std::span<const Annotation> annotations{};

    Scope(const ModelInfo& start) : model(start) {}
    Scope(const detail::Query& query) : model(*query.model), annotations(query.annotations) {}
};

/// `a__b__column`, `pk` and raw key columns (`province_id`) included. A relation at the end stands for its key.
/// Throws FieldError naming the model, the part and what there is.
Path resolve_column(const Scope& scope, std::string_view text);

/// Resolves a condition tree. Throws FieldError for a wrong path or lookup, ValueError for a value that the column
/// cannot be compared with.
Condition resolve_condition(const Scope& scope, const Expr& expr);

/// Throws FieldError for a path that the function cannot be computed of. Without a path it is the rows themselves.
Aggregate resolve_aggregate(const Scope& scope, const detail::AggregateExpr& expr);
/// The type of what an aggregate gives.
detail::ColumnType result_type(const Aggregate& aggregate);
/// Whether the path leads through a set.
bool leads_to_many(const Path& path);

/// `-name` descends.
Order resolve_order(const Scope& scope, std::string_view text);

/// A path of only() and defer(): over to-one relations to a Lazy column.
Path resolve_lazy(const ModelInfo& model, std::string_view text);

/// A path of select_related: to-one relations only.
std::vector<const RelationInfo*> resolve_selected(const ModelInfo& model, std::string_view text);

/// The lookup of that name, `icontains`.
std::optional<Lookup> lookup_named(std::string_view name);

/// The first part of a path, and the rest behind `__`.
std::pair<std::string_view, std::string_view> split_path(std::string_view path);

/// The first step of a path from `model`: the member, null where there is none, its text, and the rest of the path.
struct Step {
    const FieldInfo* member{nullptr};
    std::string_view part{};
    std::string_view behind{};
};
/// As split_path(), with a look at the members: those of models made at run time may have `__` in their names.
Step first_step(const ModelInfo& model, std::string_view path);

/// The names of a model's members, for messages.
std::string member_names(const ModelInfo& model);
/// The same as the end of a sentence about `part`, which is none of them, with the one that is nearest to it.
std::string members_instead(const ModelInfo& model, std::string_view part);

} // namespace kith::query
