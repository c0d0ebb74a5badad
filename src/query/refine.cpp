#include "query/refine.hpp"

#include "query/lookups.hpp"
#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::query {

void require_unsliced(const Query& query, std::string_view action) {
    if (!query.is_sliced()) return;
    throw ValueError(fmt::format("Cannot {} a query once a slice has been taken.", action),
                     {.model = query.model->name});
}

void filter(Query& query, const std::vector<Expr>& conditions, bool negated) {
    if (conditions.empty()) return;
    require_unsliced(query, "filter");
    FilterCall call{.negated = negated};
    call.conditions.reserve(conditions.size());
    for (const auto& condition : conditions) call.conditions.push_back(resolve_condition(query, condition));
    query.filters.push_back(std::move(call));
}

QueryPtr filtered(const Query& query, const std::vector<Expr>& conditions, bool negated) {
    return changed(query, [&](Query& q) { filter(q, conditions, negated); });
}

QueryPtr ordered(const Query& query, std::span<const std::string_view> names) {
    require_unsliced(query, "reorder");
    return changed(query, [&](Query& q) {
        std::vector<Order> order;
        order.reserve(names.size());
        for (const auto name : names) order.push_back(resolve_order(q, name));
        q.order = std::move(order);
        q.ordered = true;
    });
}

QueryPtr reversed(const Query& query) {
    require_unsliced(query, "reverse");
    return changed(query, [](Query& q) { q.reversed = !q.reversed; });
}

QueryPtr distinct(const Query& query) {
    require_unsliced(query, "create distinct fields of");
    return changed(query, [](Query& q) { q.distinct = true; });
}

QueryPtr sliced(const Query& query, std::size_t first, std::size_t last) {
    if (last < first) {
        throw ValueError(fmt::format("a slice from {} to {} ends before it begins", first, last),
                         {.model = query.model->name});
    }
    return changed(query, [&](Query& q) {
        const auto length = last - first;
        const auto available = q.limit ? *q.limit - std::min(*q.limit, first) : std::string::npos;
        q.offset += first;
        if (const auto limit = std::min(length, available); last != std::string::npos || q.limit) q.limit = limit;
    });
}

QueryPtr with_selected(const Query& query, std::span<const std::string_view> paths) {
    return changed(query, [&](Query& q) {
        for (const auto path : paths) q.selected.push_back(resolve_selected(q, path));
        check_selected_against_lookups(q);
    });
}

QueryPtr with_lookups(const Query& query, const std::vector<detail::LookupSpec>& lookups) {
    return changed(query, [&](Query& q) {
        auto& tree = q.lookups.own();
        tree.reserve(tree.size() + lookups.size());
        for (const auto& lookup : lookups) add_lookup(tree, *q.model, lookup, LookupsFor::queryset, &q.db);
        check_selected_against_lookups(q);
    });
}

QueryPtr with_lock(const Query& query, const detail::LockSpec& lock) {
    const ErrorContext context{.model = query.model->name};
    if (lock.nowait && lock.skip_locked) {
        throw ValueError("The nowait and skip_locked options are mutually exclusive.", context);
    }
    if (query.raw != nullptr) throw ValueError("raw() has its own statement: write FOR UPDATE into it", context);
    return changed(query, [&](Query& q) {
        Locking locking{.nowait = lock.nowait,
                        .skip_locked = lock.skip_locked,
                        .key_share = lock.key_share,
                        .names_tables = !lock.of.empty(),
                        .self = lock.of.empty()};
        for (const auto name : lock.of) {
            if (name == "self") {
                locking.self = true;
            } else {
                locking.of.push_back(resolve_selected(q, name));
            }
        }
        q.locking = std::move(locking);
    });
}

QueryPtr with_raw(const Query& query, RawSql raw) {
    if (query.owner || !query.filters.empty() || query.ordered || query.reversed || query.distinct ||
        query.is_sliced() || query.locking || !query.selected.empty() || !query.annotations.empty() || query.only ||
        !query.deferred.empty()) {
        throw ValueError(fmt::format("raw() replaces the whole statement: call it on objects<{}>() itself, or after "
                                     "nothing but prefetch_related and fetch_mode",
                                     query.model->name),
                         {.model = query.model->name, .sql = raw.text});
    }
    return changed(query, [&](Query& q) { q.raw = std::make_shared<const RawSql>(std::move(raw)); });
}

bool has_order(const Query& query) { return query.ordered ? !query.order.empty() : !query.model->ordering.empty(); }

QueryPtr with_some_order(const Query& query) {
    return changed(query, [](Query& q) {
        if (has_order(q) || q.is_sliced()) return;
        q.order.clear();
        for (const auto* key : q.model->primary_key) q.order.push_back({.path = {.column = key}});
        q.ordered = true;
    });
}

} // namespace kith::query
