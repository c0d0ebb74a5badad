#include "sql/structure.hpp"

namespace kith::sql {

using query::ResolvedCondition;

bool Structure::add_path(const query::ColumnPath& path) {
    const auto& [relations, column, joined, computed] = path;
    if (computed != nullptr) return false;
    add(relations.size());
    for (const auto* relation : relations) add(relation);
    add(column);
    add(joined);
    return true;
}

bool Structure::add_right(const ResolvedCondition& condition) {
    add(condition.right.index());
    if (const auto* value = std::get_if<Value>(&condition.right)) {
        add(value->index());
        if (condition.lookup == FieldLookup::isnull) {
            add(std::get<bool>(*value));
        } else if (!detail::is_null(*value)) {
            values_.emplace_back(dialect_.lookup_value(condition.lookup, *value));
        }
        return true;
    }
    if (const auto* ends = std::get_if<std::pair<Value, Value>>(&condition.right)) {
        values_.emplace_back(ends->first);
        values_.emplace_back(ends->second);
        return true;
    }
    if (const auto* column = std::get_if<query::ColumnPath>(&condition.right)) return add_path(*column);
    return false; // a list, whose text may depend on its length, or a subselect
}

bool Structure::add_condition(const ResolvedCondition& condition) {
    const auto& [kind, path, lookup, right, children] = condition;
    add(kind);
    add(children.size());
    for (const auto& child : children) {
        if (!add_condition(child)) return false;
    }
    if (kind != detail::Expr::Kind::compare) return true;
    add(lookup);
    return add_path(path) && add_right(condition);
}

bool Structure::add_query(const Query& query) {
    // Names every field, so that a new one is not forgotten here.
    const auto& [model, db, owner, raw, filters, order, ordered, reversed, distinct, nothing, offset, limit,
                 annotations, only, deferred, selected, lookups, mode, strategy, bounds, moves, latest] = query;
    if (model->made_at_run_time || raw != nullptr || nothing || latest) return false;
    if (!annotations.empty() || only || !deferred.empty()) return false;
    add(model);
    add(owner.has_value());
    if (owner) {
        add(owner->relation);
        for (const auto& part : owner->key) values_.emplace_back(part);
    }
    add(filters.size());
    for (const auto& [conditions, negated] : filters) {
        add(negated);
        add(conditions.size());
        for (const auto& condition : conditions) {
            if (!add_condition(condition)) return false;
        }
    }
    add(ordered);
    add(order.size());
    for (const auto& [path, descending] : order) {
        if (!add_path(path)) return false;
        add(descending);
    }
    add(reversed);
    add(distinct);
    add(offset);
    add(limit.has_value());
    add(limit.value_or(0));
    add(selected.size());
    for (const auto& path : selected) {
        add(path.size());
        for (const auto* relation : path) add(relation);
    }
    return true;
}

} // namespace kith::sql
