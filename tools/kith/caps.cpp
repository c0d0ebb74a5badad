#include "caps.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace kith::cli {

namespace {

/// The size of one query, as the caps count it.
struct Use {
    std::size_t depth{0};
    std::size_t joins{0};
    std::size_t terms{0};

    void add_path(std::size_t relations) {
        depth = std::max(depth, relations);
        joins += relations;
    }
};

void add(Use& use, const std::vector<query::ResolvedCondition>& conditions) {
    for (const auto& condition : conditions) {
        add(use, condition.children);
        if (condition.kind != detail::Expr::Kind::compare) continue;
        ++use.terms;
        use.add_path(condition.path.relations.size());
    }
}

Use use_of(const detail::Query& query) {
    Use use;
    for (const auto& call : query.filters) add(use, call.conditions);
    for (const auto& order : query.order) {
        ++use.terms;
        use.add_path(order.path.relations.size());
    }
    for (const auto& path : query.selected) {
        ++use.terms;
        use.add_path(path.size());
    }
    return use;
}

void require(std::size_t used, std::size_t most, std::string_view what, std::string_view option) {
    if (used <= most) return;
    throw ValueError(fmt::format("this needs {} {}, but {} are allowed: reduce them, or raise the limit with {} {}",
                                 used, what, most, option, used));
}

void require_joins(const Use& use, const Caps& caps) {
    require(use.joins, caps.joins, "joined tables in one statement", "--max-joins");
}

/// Walks the lookups and adds up their terms; returns the longest chain of relations below `nodes`.
std::size_t look_at(const std::vector<query::LookupNode>& nodes, Use& all, const Caps& caps) {
    std::size_t deepest = 0;
    for (const auto& node : nodes) {
        ++all.terms;
        std::size_t below = 0;
        if (node.queryset != nullptr) {
            const auto use = use_of(*node.queryset);
            require_joins(use, caps);
            all.terms += use.terms;
            below = use.depth;
        }
        deepest = std::max(deepest, 1 + std::max(below, look_at(node.children, all, caps)));
    }
    return deepest;
}

} // namespace

void require_within(const detail::Query& query, const Caps& caps) {
    auto use = use_of(query);
    require_joins(use, caps);
    use.depth = std::max(use.depth, look_at(query.lookups, use, caps));
    require(use.depth, caps.depth, "relations in a row", "--max-depth");
    require(use.terms, caps.terms, "conditions, orders and lookups", "--max-terms");
}

} // namespace kith::cli
