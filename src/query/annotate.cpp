#include "query/refine.hpp"
#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

/// Aggregates and the annotations that they fill.
namespace kith::query {

namespace {

using detail::AggregateFunction;
using detail::ColumnType;

bool is_ordered(ColumnType type) {
    return detail::is_number(type) || type == ColumnType::date || type == ColumnType::timestamp ||
           type == ColumnType::local_timestamp || type == ColumnType::text;
}

bool can_be_computed(AggregateFunction function, ColumnType type) {
    switch (function) {
    case AggregateFunction::count: return true;
    case AggregateFunction::sum:
    case AggregateFunction::avg: return detail::is_number(type);
    default: return is_ordered(type);
    }
}

bool can_hold(ColumnType slot, ColumnType type) {
    return slot == type || (detail::is_integer(slot) && detail::is_integer(type)) ||
           (detail::is_real(slot) && detail::is_real(type));
}

std::string written(const detail::AggregateExpr& expr) {
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

ResolvedAnnotation resolve_annotation(const Query& query, const detail::AnnotationSpec& spec) {
    const auto& slot = slot_named(*query.model, spec.slot);
    auto aggregate = std::make_shared<ResolvedAggregate>(resolve_aggregate(query, spec.aggregate));
    const ErrorContext context{.model = query.model->name, .lookup = spec.aggregate.path};
    if (!leads_to_many(aggregate->path)) {
        throw FieldError(
            fmt::format("{} is one value per row of {}: annotate() takes an aggregate over a set, aggregate() "
                        "one over all rows",
                        written(spec.aggregate), query.model->name),
            context);
    }
    const bool may_be_null = aggregate->function != AggregateFunction::count;
    if (!can_hold(slot.type, result_type(*aggregate)) || (may_be_null && !slot.nullable)) {
        throw FieldError(fmt::format("{} cannot hold {}{}", slot.label(), written(spec.aggregate),
                                     may_be_null ? ", which is NULL where there are no rows: declare it as a "
                                                   "kith::Annotation of a std::optional of the right type"
                                                 : ", which is an integer"),
                         context);
    }
    return {&slot, std::move(aggregate)};
}

} // namespace

bool leads_to_many(const ColumnPath& path) {
    return std::ranges::any_of(path.relations, [](const auto* relation) { return relation->many; });
}

detail::ColumnType result_type(const ResolvedAggregate& aggregate) {
    const auto type = aggregate.path.column != nullptr ? aggregate.path.column->type : ColumnType::int64;
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
    if (!expr.path.empty()) {
        aggregate.path = resolve_column(root, expr.path);
        const auto& column = *aggregate.path.column;
        if (!can_be_computed(expr.function, column.type)) {
            throw FieldError(
                fmt::format("{} cannot be computed from {}: its values are not {}", written(expr), column.label(),
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

QueryPtr annotated(const Query& query, const std::vector<detail::AnnotationSpec>& annotations) {
    return changed(query, [&](Query& q) {
        for (const auto& spec : annotations) {
            auto annotation = resolve_annotation(q, spec);
            std::erase_if(q.annotations,
                          [&](const ResolvedAnnotation& known) { return known.slot == annotation.slot; });
            q.annotations.push_back(std::move(annotation));
        }
    });
}

} // namespace kith::query
