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

void bind(ResolvedCondition& condition, const PathRoot& outer);

void bind(ResolvedValue& value, const PathRoot& outer) {
    if (value.kind == ValueKind::outer && value.path.column == nullptr) {
        value.path = resolve_column(outer, std::get<std::string>(value.value));
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
            throw ValueError(fmt::format("{} cannot be compared with OuterRef(\"{}\"): the types differ",
                                         column.label(), std::get<std::string>(bound.value)),
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
    for (auto& call : bound->filters) {
        for (auto& condition : call.conditions) bind(condition, outer);
    }
    return bound;
}

} // namespace kith::query
