#pragma once

#include <string_view>
#include <vector>

#include "query/query.hpp"

/// From text to paths. Literals were checked by the compiler; run-time strings are checked here, with the same rules.
namespace kith::query {

using detail::Expr;

/// `a__b__column`, `pk` and raw key columns (`province_id`) included. A relation at the end stands for its key.
/// Throws FieldError naming the model, the part and what there is.
Path resolve_column(const ModelInfo& model, std::string_view text);

/// Resolves a condition tree. Throws FieldError for a wrong path or lookup, ValueError for a value that the column
/// cannot be compared with.
Condition resolve_condition(const ModelInfo& model, const Expr& expr);

/// `-name` descends.
Order resolve_order(const ModelInfo& model, std::string_view text);

/// A path of select_related: to-one relations only.
std::vector<const RelationInfo*> resolve_selected(const ModelInfo& model, std::string_view text);

/// The first part of a path, and the rest behind `__`.
std::pair<std::string_view, std::string_view> split_path(std::string_view path);

/// The names of a model's members, for messages.
std::string member_names(const ModelInfo& model);

}  // namespace kith::query
