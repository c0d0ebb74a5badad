#include "query/outer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::query {

using detail::ValueKind;

namespace {

bool has_outer(const ResolvedValue& value);

bool has_outer(const ResolvedCondition& condition) {
    const auto* value = std::get_if<ResolvedValuePtr>(&condition.right);
    return (value != nullptr && has_outer(**value)) ||
           std::ranges::any_of(condition.children, [](const auto& child) { return has_outer(child); });
}

bool has_outer(const ResolvedValue& value) {
    return (value.kind == ValueKind::outer && value.path.column == nullptr) ||
           std::ranges::any_of(value.operands, [](const auto& operand) { return has_outer(operand); }) ||
           std::ranges::any_of(value.conditions, [](const auto& condition) { return has_outer(condition); });
}

/// The first path of an OuterRef in `value`.
const std::string* outer_path(const ResolvedValue& value) {
    if (value.kind == ValueKind::outer) return &std::get<std::string>(value.value);
    for (const auto& operand : value.operands) {
        if (const auto* path = outer_path(operand)) return path;
    }
    return nullptr;
}

/// A row for each row of a set would be another query than the one that was asked for.
void require_single(const PathRoot& outer, const std::string& text, const ColumnPath& path) {
    if (!leads_to_many(path)) return;
    throw FieldError(fmt::format("OuterRef(\"{}\") leads through a set, and so to many values for a row of {}: name a "
                                 "column of the row itself or of what its foreign keys lead to",
                                 text, outer.model.name),
                     {.model = outer.model.name, .lookup = text});
}

void bind(ResolvedCondition& condition, const PathRoot& outer);

void bind(ResolvedValue& value, const PathRoot& outer) {
    if (value.kind == ValueKind::outer && value.path.column == nullptr) {
        const auto& text = std::get<std::string>(value.value);
        value.path = resolve_column(outer, text);
        require_single(outer, text, value.path);
        value.is = {.type = value.path.column->member_type(), .nullable = true};
    }
    for (auto& operand : value.operands) bind(operand, outer);
    for (auto& condition : value.conditions) bind(condition, outer);
    judge_value(outer, value); // now that the types of its operands are known
}

void bind(ResolvedCondition& condition, const PathRoot& outer) {
    if (const auto* value = std::get_if<ResolvedValuePtr>(&condition.right); value != nullptr && has_outer(**value)) {
        auto bound = **value;
        bind(bound, outer);
        const auto& column = *condition.path.column;
        if (!detail::is_comparable(column.member_type(), {}, bound.is)) {
            const auto* path = outer_path(bound);
            throw ValueError(fmt::format("{} cannot be compared with {}OuterRef(\"{}\"): the types differ",
                                         column.label(),
                                         bound.kind == ValueKind::outer ? "" : "a value that is computed from ",
                                         path != nullptr ? *path : std::string()),
                             {.model = outer.model.name, .lookup = column.name});
        }
        condition.right = std::make_shared<const ResolvedValue>(std::move(bound));
    }
    for (auto& child : condition.children) bind(child, outer);
}

} // namespace

std::shared_ptr<const detail::Query> bound_to(std::shared_ptr<const detail::Query> inner, const PathRoot& outer) {
    const auto of_call = [](const FilterCall& call) {
        return std::ranges::any_of(call.conditions, [](const auto& condition) { return has_outer(condition); });
    };
    if (std::ranges::none_of(inner->filters, of_call)) return inner;
    auto bound = std::make_shared<detail::Query>(*inner);
    for (auto& call : bound->filters.own()) {
        for (auto& condition : call.conditions) bind(condition, outer);
    }
    return bound;
}

} // namespace kith::query
