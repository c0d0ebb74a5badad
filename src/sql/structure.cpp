#include "sql/structure.hpp"

#include <algorithm>

namespace kith::sql {

using query::ResolvedCondition;

bool Structure::add_path(const query::ColumnPath& path) {
    const auto& [relations, column, joined, computed] = path;
    add(relations.size());
    for (const auto* relation : relations) add(relation);
    add(column);
    add(joined);
    add(computed != nullptr);
    return computed == nullptr || add_annotation(*computed);
}

bool Structure::add_paths(const std::vector<query::ColumnPath>& paths) {
    add(paths.size());
    return std::ranges::all_of(paths, [&](const query::ColumnPath& path) { return add_path(path); });
}

/// The values of a filter would be bound where the aggregate is written, which is before or behind all others.
bool Structure::add_aggregate(const query::ResolvedAggregate& aggregate) {
    const auto& [function, path, value, distinct, conditions] = aggregate;
    add(function);
    add(distinct);
    return conditions.empty() && value == nullptr && add_path(path);
}

/// So would the constants of an expression.
bool Structure::add_annotation(const query::ResolvedValue& value) {
    return value.aggregate != nullptr && add_aggregate(*value.aggregate);
}

bool Structure::add_value(const query::ResolvedValue& value) {
    // Names every field, so that a new one is not forgotten here.
    const auto& [kind, is, path, constant, operands, conditions, aggregate] = value;
    if (aggregate != nullptr || kind == detail::ValueKind::now || kind >= detail::ValueKind::outer) return false;
    add(kind);
    add(is.type);
    if (kind == detail::ValueKind::column) return add_path(path);
    if (kind == detail::ValueKind::constant) {
        add(constant.index());
        if (!detail::is_null(constant)) values_.emplace_back(constant);
        return true;
    }
    add(operands.size());
    add(conditions.size());
    for (std::size_t i = 0; i < operands.size(); ++i) { // a condition comes before its value, as in the text
        if (i < conditions.size() && !add_condition(conditions[i])) return false;
        if (!add_value(operands[i])) return false;
    }
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
    if (const auto* computed = std::get_if<query::ResolvedValuePtr>(&condition.right)) return add_value(**computed);
    return false; // a list, whose text may depend on its length, or a subselect
}

bool Structure::add_condition(const ResolvedCondition& condition) {
    const auto& [kind, path, lookup, right, children] = condition;
    add(kind);
    add(children.size());
    for (const auto& child : children) {
        if (!add_condition(child)) return false;
    }
    if (kind == detail::Expr::Kind::exists) return false;
    if (kind != detail::Expr::Kind::compare) return true;
    add(lookup);
    return add_path(path) && add_right(condition);
}

void Structure::add_paths(const std::vector<std::vector<const RelationInfo*>>& paths) {
    add(paths.size());
    for (const auto& path : paths) {
        add(path.size());
        for (const auto* relation : path) add(relation);
    }
}

bool Structure::add_query(const Query& query) {
    // Names every field, so that a new one is not forgotten here.
    const auto& [model, db, owner, raw, filters, order, ordered, reversed, distinct, nothing, offset, limit,
                 annotations, only, deferred, selected, lookups, mode, strategy, bounds, locking, moves, latest] =
        query;
    if (model->made_at_run_time || raw != nullptr || nothing || latest) return false;
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
    add_paths(selected);
    add(locking.has_value());
    if (locking) {
        const auto& [nowait, skip_locked, key_share, names_tables, self, of] = *locking;
        for (const bool part : {nowait, skip_locked, key_share, names_tables, self}) add(part);
        add_paths(of);
    }
    add(annotations.size());
    for (const auto& [slot, value] : annotations) {
        add(slot);
        if (!add_annotation(*value)) return false;
    }
    add(only.has_value());
    return (!only || add_paths(*only)) && add_paths(deferred);
}

bool Structure::add_related(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset) {
    if (relation.target->made_at_run_time) return false;
    add(&relation);
    if (!add_origin(from)) return false;
    add(queryset != nullptr);
    return queryset == nullptr || add_query(*queryset);
}

bool Structure::add_origin(const KeyOrigin& from) {
    add(from.above != nullptr);
    if (from.above == nullptr) return add_keys(from.keys);
    const auto& [query, whole, relation, origin, queryset] = *from.above;
    add(query != nullptr);
    if (query == nullptr) return add_related(*relation, origin, queryset);
    add(whole);
    return add_query(*query);
}

bool Structure::add_keys(const std::shared_ptr<const KeySet>& keys) {
    if (keys->columns().size() != 1 || !keys->runs().empty()) return false;
    if (keys->size() > dialect_.keys_in_parameter(*keys)) return false;
    keys_ = keys;
    add(keys->columns().front().type);
    add(keys->size() == 1);
    add(keys->size() < dialect_.fewest_keys());
    return true;
}

} // namespace kith::sql
