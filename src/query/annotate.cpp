#include "query/refine.hpp"
#include "query/resolve.hpp"

#include <kith/detail/core/value_rules.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

/// Aggregates and the annotations that they fill.
namespace kith::query {

namespace {

using detail::AggregateFunction;
using detail::ColumnType;

bool can_be_computed(AggregateFunction function, ColumnType type) {
    switch (function) {
    case AggregateFunction::count: return true;
    case AggregateFunction::sum:
    case AggregateFunction::avg: return detail::is_number(type);
    default: return detail::is_ordered(type);
    }
}

std::string written(const detail::AggregateExpr& expr) {
    if (expr.value != nullptr) return fmt::format("{} of an expression", name_of(expr.function));
    return expr.path.empty() ? fmt::format("{}()", name_of(expr.function))
                             : fmt::format("{}(\"{}\")", name_of(expr.function), expr.path);
}

const FieldInfo& slot_named(const ModelInfo& model, const std::string& name) {
    const auto* slot = model.find(name);
    if (slot != nullptr && slot->kind == detail::MemberKind::annotation) return *slot;
    const auto what = slot == nullptr ? fmt::format("{} has no member '{}'", model.name, name)
                                      : fmt::format("{} is not a kith::Annotation", slot->label());
    throw FieldError(fmt::format("{}, which annotate() could fill: declare kith::Annotation<…> {}{{}};", what, name),
                     {.model = model.name, .lookup = name});
}

/// A value that is computed for each row.
ResolvedAnnotation annotate_value(const Query& query, const FieldInfo& slot, const detail::ValueExpr& expr) {
    auto value = resolve_value(query, expr);
    const ErrorContext context{.model = query.model->name, .lookup = slot.name};
    if (const auto* path = path_to_many(value)) {
        throw FieldError(fmt::format("{} is one value, but the expression leads through a set to {}: take an aggregate",
                                     slot.label(), path->column->label()),
                         context);
    }
    if (!detail::can_hold(slot.type, value.is.type) || (value.is.nullable && !slot.nullable)) {
        throw FieldError(fmt::format("{} cannot hold the expression: {}", slot.label(),
                                     value.is.nullable && !slot.nullable
                                         ? "it may be NULL: declare it as a kith::Annotation of a std::optional"
                                         : "the types differ"),
                         context);
    }
    return {&slot, std::make_shared<const ResolvedValue>(std::move(value))};
}

ResolvedAnnotation resolve_annotation(const Query& query, const detail::AnnotationSpec& spec) {
    const auto& slot = slot_named(*query.model, spec.slot);
    if (spec.value != nullptr) return annotate_value(query, slot, *spec.value);
    auto aggregate = std::make_shared<ResolvedAggregate>(resolve_aggregate(query, spec.aggregate));
    const ErrorContext context{.model = query.model->name, .lookup = spec.aggregate.path};
    if (!leads_to_many(*aggregate)) {
        throw FieldError(
            fmt::format("{} is one value per row of {}: annotate() takes an aggregate over a set, aggregate() "
                        "one over all rows",
                        written(spec.aggregate), query.model->name),
            context);
    }
    const bool may_be_null = aggregate->function != AggregateFunction::count;
    const auto type = result_type(*aggregate);
    if (!detail::can_hold(slot.type, type) || (may_be_null && !slot.nullable)) {
        throw FieldError(fmt::format("{} cannot hold {}{}", slot.label(), written(spec.aggregate),
                                     may_be_null ? ", which is NULL where there are no rows: declare it as a "
                                                   "kith::Annotation of a std::optional of the right type"
                                                 : ", which is an integer"),
                         context);
    }
    return {&slot, std::make_shared<const ResolvedValue>(ResolvedValue{.is = {.type = type, .nullable = may_be_null},
                                                                       .aggregate = std::move(aggregate)})};
}

} // namespace

bool leads_to_many(const ColumnPath& path) {
    return std::ranges::any_of(path.relations, [](const auto* relation) { return relation->many; });
}

namespace {

const ColumnPath* path_to_many(const std::vector<ResolvedCondition>& conditions) {
    for (const auto& condition : conditions) {
        if (condition.path.column != nullptr && leads_to_many(condition.path)) return &condition.path;
        if (const auto* found = query::path_to_many(condition.right)) return found;
        if (const auto* found = path_to_many(condition.children)) return found;
    }
    return nullptr;
}

} // namespace

const ColumnPath* path_to_many(const ResolvedValue& value) {
    if (value.kind == detail::ValueKind::column && leads_to_many(value.path)) return &value.path;
    for (const auto& operand : value.operands) {
        if (const auto* found = path_to_many(operand)) return found;
    }
    return path_to_many(value.conditions);
}

const ColumnPath* path_to_many(const Right& right) {
    if (const auto* path = std::get_if<ColumnPath>(&right)) return leads_to_many(*path) ? path : nullptr;
    const auto* value = std::get_if<ResolvedValuePtr>(&right);
    return value != nullptr ? path_to_many(**value) : nullptr;
}

bool leads_to_many(const ResolvedAggregate& aggregate) {
    return aggregate.value != nullptr ? path_to_many(*aggregate.value) != nullptr : leads_to_many(aggregate.path);
}

detail::ColumnType argument_type(const ResolvedAggregate& aggregate) {
    if (aggregate.value != nullptr) return aggregate.value->is.type;
    return aggregate.path.column != nullptr ? aggregate.path.column->type : ColumnType::int64;
}

detail::ColumnType result_type(const ResolvedAggregate& aggregate) {
    const auto type = argument_type(aggregate);
    switch (aggregate.function) {
    case AggregateFunction::count: return ColumnType::int64;
    case AggregateFunction::sum:
        return detail::is_integer(type) ? ColumnType::int64 : detail::is_real(type) ? ColumnType::float64 : type;
    case AggregateFunction::avg: return ColumnType::float64;
    default: return type;
    }
}

ResolvedAggregate resolve_aggregate(const PathRoot& root, const detail::AggregateExpr& expr) {
    ResolvedAggregate aggregate{.function = expr.function, .distinct = expr.distinct};
    const ErrorContext context{.model = root.model.name, .lookup = expr.path};
    if (!expr.path.empty() || expr.value != nullptr) {
        if (expr.value != nullptr) {
            aggregate.value = std::make_shared<const ResolvedValue>(resolve_value(root, *expr.value));
        } else {
            aggregate.path = resolve_column(root, expr.path);
        }
        if (!can_be_computed(expr.function, argument_type(aggregate))) {
            throw FieldError(
                fmt::format("{} cannot be computed from {}: its values are not {}", written(expr),
                            aggregate.value != nullptr ? "it" : aggregate.path.column->label(),
                            expr.function == AggregateFunction::sum || expr.function == AggregateFunction::avg
                                ? "numbers"
                                : "numbers, texts, dates or times"),
                context);
        }
    } else if (expr.function != AggregateFunction::count || expr.distinct) {
        throw FieldError(fmt::format("{} needs the path of a column", name_of(expr.function)), context);
    }
    for (const auto& condition : expr.conditions) aggregate.conditions.push_back(resolve_condition(root, condition));
    return aggregate;
}

ResolvedHaving resolve_having(const PathRoot& root, const detail::HavingExpr& expr) {
    ResolvedHaving having{.aggregate = resolve_aggregate(root, expr.aggregate),
                          .lookup = expr.lookup,
                          .value = expr.value,
                          .negated = expr.negated};
    const auto type = result_type(having.aggregate);
    const auto constant = resolve_value(root, {.kind = detail::ValueKind::constant, .value = expr.value});
    if (constant.is.null || !detail::is_comparable(type, {}, constant.is)) {
        throw ValueError(fmt::format("{} cannot be compared with {}: the types differ", written(expr.aggregate),
                                     detail::to_string(expr.value)),
                         {.model = root.model.name, .lookup = expr.aggregate.path});
    }
    const auto* number = std::get_if<std::int64_t>(&expr.value);
    if (number != nullptr && type == ColumnType::decimal) having.value = Decimal(*number);
    if (number != nullptr && detail::is_real(type)) having.value = static_cast<double>(*number);
    return having;
}

QueryPtr annotated(const Query& query, const std::vector<detail::AnnotationSpec>& annotations) {
    return changed(query, [&](Query& q) {
        for (const auto& spec : annotations) {
            auto annotation = resolve_annotation(q, spec);
            auto& all = q.annotations.own();
            std::erase_if(all, [&](const ResolvedAnnotation& known) { return known.slot == annotation.slot; });
            all.push_back(std::move(annotation));
        }
    });
}

} // namespace kith::query
