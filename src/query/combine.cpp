#include "query/refine.hpp"
#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <algorithm>

/// Combines two queries into one.
namespace kith::query {

namespace {

void require_combinable(const Query& a, const Query& b) {
    const ErrorContext context{.model = a.model->name};
    if (!(a.db == b.db)) throw ValueError("QuerySets of two databases cannot be combined", context);
    if (a.is_sliced() || b.is_sliced())
        throw ValueError("Cannot combine queries once a slice has been taken.", context);
    if (a.distinct != b.distinct) {
        throw ValueError("Cannot combine a unique query with a non-unique query: call distinct() on both", context);
    }
}

/// The rows of `query`, as one condition: their keys in a subselect. QuerySet::on() moves the subselect along.
ResolvedCondition among(const Query& query) {
    return {.path = {.column = &query.model->key()},
            .lookup = detail::FieldLookup::in,
            .right = changed(query, [](Query& q) { q.moves = true; })};
}

bool goes_through_sets(const ResolvedCondition& condition) {
    return leads_to_many(condition.path) || path_to_many(condition.right) != nullptr ||
           std::ranges::any_of(condition.children, goes_through_sets);
}

/// Whether all conditions are about the row alone, so that they mean the same beside any others.
bool is_about_row(const Query& query) {
    return !query.owner && std::ranges::none_of(query.filters, [](const FilterCall& call) {
        return std::ranges::any_of(call.conditions, goes_through_sets);
    });
}

/// All filter calls of a query whose conditions are about the row alone.
ResolvedCondition as_condition(const Query& query) {
    ResolvedCondition all{.kind = detail::Expr::Kind::all};
    for (const auto& call : query.filters) {
        ResolvedCondition one{.kind = call.negated ? detail::Expr::Kind::negate : detail::Expr::Kind::all,
                              .children = call.conditions};
        all.children.push_back(std::move(one));
    }
    return all;
}

} // namespace

ResolvedCondition in_set(const Query& set) {
    const auto& owner = *set.owner;
    const auto& columns = owner.relation->target_columns;
    if (owner.relation->join_table) return among({.model = set.model, .db = set.db, .owner = owner, .ordered = true});
    ResolvedCondition all{.kind = detail::Expr::Kind::all};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        all.children.push_back({.path = {.column = columns[i]}, .right = owner.key[i]});
    }
    if (const auto& only = owner.relation->only_type) {
        all.children.push_back({.path = {.column = only->column}, .right = Value{only->type}});
    }
    return all;
}

QueryPtr both(const Query& a, const Query& b) {
    require_combinable(a, b);
    return changed(a, [&](Query& q) {
        q.nothing = a.nothing || b.nothing;
        if (b.owner) {
            q.filters.push_back({.conditions = {among(b)}});
        } else {
            auto& all = q.filters.own();
            all.insert(all.end(), b.filters.begin(), b.filters.end());
        }
    });
}

QueryPtr either(const Query& a, const Query& b) {
    require_combinable(a, b);
    return changed(a, [&](Query& q) {
        q.nothing = a.nothing && b.nothing;
        q.owner.reset();
        q.filters.clear();
        ResolvedCondition any{.kind = detail::Expr::Kind::any};
        for (const auto* side : {&a, &b}) {
            if (side->nothing) continue;
            if (side->filters.empty() && !side->owner) return; // matches all rows
            any.children.push_back(is_about_row(*side) ? as_condition(*side) : among(*side));
        }
        if (!any.children.empty()) q.filters.push_back({.conditions = {std::move(any)}});
    });
}

} // namespace kith::query
