#include "query/place.hpp"

#include "query/lookups.hpp"
#include "query/refine.hpp"
#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kith::query {

namespace {

using detail::Query;

/// Whether the column is one of the rows themselves.
bool is_own(const ColumnPath& path, const FieldInfo& column) {
    return path.relations.empty() && path.computed == nullptr && path.column == &column;
}

bool orders_by_all(const std::vector<Order>& order, const std::vector<const FieldInfo*>& columns) {
    return !columns.empty() && std::ranges::all_of(columns, [&](const FieldInfo* column) {
        return std::ranges::any_of(order, [&](const Order& term) { return is_own(term.path, *column); });
    });
}

std::string name_of(const Order& term) {
    std::string name = term.descending ? "-" : "";
    for (const auto* relation : term.path.relations) name += relation->field->name + "__";
    return name + term.path.column->name;
}

[[noreturn]] void refuse_partial(const Query& query, const std::vector<Order>& order) {
    const auto& model = *query.model;
    std::string names;
    for (const auto& term : order) names += fmt::format("\"{}\", ", name_of(term));
    std::string missing;
    for (const auto* key : model.primary_key)
        missing += fmt::format("{}\"{}\"", missing.empty() ? "" : ", ", key->name);
    throw ValueError(fmt::format("the order of {} is not total, so pages of it would overlap: add {}, as in "
                                 "order_by({}{})",
                                 model.name, missing, names, missing),
                     {.model = model.name});
}

void require_places(const Query& query) {
    require_unsliced(query, "divide into pages");
    const auto order = order_of(query);
    for (const auto& term : order) {
        if (!leads_to_many(term.path)) continue;
        throw ValueError(fmt::format("{} cannot be divided into pages by \"{}\", which leads through a set",
                                     query.model->name, name_of(term)),
                         {.model = query.model->name});
    }
    if (!is_total(query)) refuse_partial(query, order);
}

ResolvedCondition compared(const Order& term, FieldLookup lookup, Value value) {
    return {.path = term.path, .lookup = lookup, .right = std::move(value)};
}

ResolvedCondition equal(const Order& term, const Value& value) { return compared(term, FieldLookup::exact, value); }

ResolvedCondition is_null(const Order& term, bool null) { return compared(term, FieldLookup::isnull, Value{null}); }

ResolvedCondition combined(detail::Expr::Kind kind, std::vector<ResolvedCondition> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return {.kind = kind, .children = std::move(parts)};
}

ResolvedCondition any_of(std::vector<ResolvedCondition> parts) {
    return combined(detail::Expr::Kind::any, std::move(parts));
}

ResolvedCondition all_of(std::vector<ResolvedCondition> parts) {
    return combined(detail::Expr::Kind::all, std::move(parts));
}

/// What sorts behind `value` in one term, or also equal to it; empty if nothing does. NULL sorts before everything.
std::optional<ResolvedCondition> beyond(const Order& term, const Value& value, bool or_equal) {
    if (detail::is_null(value)) {
        if (term.descending) return or_equal ? std::optional(is_null(term, true)) : std::nullopt;
        return or_equal ? std::nullopt : std::optional(is_null(term, false));
    }
    const auto less = or_equal ? FieldLookup::lte : FieldLookup::lt;
    const auto more = or_equal ? FieldLookup::gte : FieldLookup::gt;
    if (!term.descending) return compared(term, more, value);
    auto found = compared(term, less, value);
    if (!may_be_null(term.path)) return found;
    return any_of({std::move(found), is_null(term, true)});
}

/// The conditions of what comes behind the place: it differs from the place in some term, and is equal in all before.
std::vector<ResolvedCondition> conditions_behind(const std::vector<Order>& order, const PagePlace& place) {
    std::vector<ResolvedCondition> ways;
    std::vector<ResolvedCondition> same;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (auto more = beyond(order[i], place.values[i], false)) {
            auto way = same;
            way.push_back(std::move(*more));
            ways.push_back(all_of(std::move(way)));
        }
        same.push_back(equal(order[i], place.values[i]));
    }
    if (place.inclusive) ways.push_back(all_of(same));
    if (ways.empty()) { // nothing: an empty list
        ways.push_back({.path = order.front().path, .lookup = FieldLookup::in, .right = std::vector<Value>{}});
    }
    std::vector<ResolvedCondition> conditions;
    // Follows from the other, but an index can use it.
    if (auto bound = beyond(order.front(), place.values.front(), true); bound && order.size() > 1) {
        conditions.push_back(std::move(*bound));
    }
    conditions.push_back(any_of(std::move(ways)));
    return conditions;
}

} // namespace

std::vector<Order> order_of(const Query& query) {
    std::vector<Order> order;
    if (query.ordered) {
        order = query.order;
    } else {
        for (const auto& [relations, column, joined, descending] : query.model->ordering) {
            order.push_back(
                {.path = {.relations = relations, .column = column, .joined = joined}, .descending = descending});
        }
    }
    for (auto& term : order) term.descending = term.descending != query.reversed;
    return order;
}

bool is_total(const Query& query) {
    const auto& model = *query.model;
    const auto order = order_of(query);
    if (orders_by_all(order, model.primary_key)) return true;
    const auto never_null = [](const FieldInfo* field) { return !field->nullable; };
    const bool by_set = std::ranges::any_of(model.unique, [&](const auto& columns) {
        return std::ranges::all_of(columns, never_null) && orders_by_all(order, columns);
    });
    return by_set || std::ranges::any_of(order, [&](const Order& term) {
               return term.path.column->unique && !term.path.column->nullable && is_own(term.path, *term.path.column);
           });
}

QueryPtr in_total_order(const Query& query) {
    require_unsliced(query, "reorder");
    return changed(query, [&](Query& q) {
        if (is_total(query)) return;
        q.order = order_of(query);
        for (const auto* key : query.model->primary_key) q.order.push_back({.path = {.column = key}});
        q.ordered = true;
        q.reversed = false;
    });
}

QueryPtr with_places(const Query& query) {
    require_places(query);
    return changed(query, [&](Query& q) {
        for (const auto& term : order_of(q)) {
            if (!term.path.relations.empty()) q.selected.push_back(term.path.relations);
        }
        check_selected_against_lookups(q);
    });
}

QueryPtr behind(const Query& query, const PagePlace& place) {
    return changed(query,
                   [&](Query& q) { q.filters.push_back({.conditions = conditions_behind(order_of(q), place)}); });
}

} // namespace kith::query
