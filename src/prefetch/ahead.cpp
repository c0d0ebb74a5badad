#include "prefetch/ahead.hpp"

#include "prefetch/attach.hpp"
#include "prefetch/schedule.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace kith::prefetch {

namespace {

using detail::Expr;
using detail::FieldInfo;
using detail::FieldLookup;
using detail::Query;
using detail::Value;
using query::LookupNode;
using query::ResolvedCondition;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

// ---- what the conditions of a query say

/// Calls `visit` for the conditions that hold for every row of `query`.
template <class Visit>
void each_condition(const Query& query, const Visit& visit) {
    for (const auto& call : query.filters) {
        if (call.negated) continue;
        for (const auto& condition : call.conditions) {
            if (condition.kind == Expr::Kind::compare) visit(condition);
        }
    }
}

bool is_about(const ResolvedCondition& condition, const FieldInfo& column) {
    const auto& path = condition.path;
    return path.relations.empty() && path.computed == nullptr && path.column == &column;
}

/// The value that `column` has in every row of `query`; null if that is not known.
const Value* fixed_value(const Query& query, const FieldInfo& column) {
    const Value* fixed = nullptr;
    each_condition(query, [&](const ResolvedCondition& condition) {
        const auto* value = std::get_if<Value>(&condition.right);
        const bool equals = condition.lookup == FieldLookup::exact && value != nullptr && !detail::is_null(*value);
        if (equals && is_about(condition, column)) fixed = value;
    });
    return fixed;
}

/// The number of values that `column` can have in the rows of `query`, if a list gives them.
std::optional<std::size_t> listed_values(const Query& query, const FieldInfo& column) {
    std::optional<std::size_t> count;
    each_condition(query, [&](const ResolvedCondition& condition) {
        const auto* list = std::get_if<std::vector<Value>>(&condition.right);
        if (list != nullptr && condition.lookup == FieldLookup::in && is_about(condition, column)) count = list->size();
    });
    return count;
}

bool is_primary_key(const FieldInfo& column) {
    const auto& key = column.model->primary_key;
    return key.size() == 1 && key.front() == &column;
}

bool is_unique(const FieldInfo& column) { return column.unique || is_primary_key(column); }

/// Whether the conditions leave at most one row.
bool is_one_row(const Query& query) {
    return std::ranges::any_of(query.model->columns, [&](const FieldInfo* column) {
        return is_unique(*column) && fixed_value(query, *column) != nullptr;
    });
}

/// Whether no two rows of `query` are equal in its order.
bool has_total_order(const Query& query) {
    const auto tells_apart = [](const auto& relations, const FieldInfo* column) {
        return relations.empty() && column != nullptr && is_primary_key(*column);
    };
    if (query.ordered) {
        return std::ranges::any_of(query.order, [&](const query::Order& term) {
            return term.path.computed == nullptr && tells_apart(term.path.relations, term.path.column);
        });
    }
    return std::ranges::any_of(query.model->ordering, [&](const detail::OrderColumn& term) {
        return tells_apart(term.relations, term.column);
    });
}

// ---- which lookups can go ahead

bool finds_the_same(const Query& query);

bool computes_the_same(const query::ResolvedValue& value);

/// Whether the tables of a relation hold the same rows each time: a read-only model may be a view.
bool is_of_tables(const detail::RelationInfo* relation) {
    const bool by_view =
        relation->join_table && relation->join_table->through != nullptr && relation->join_table->through->read_only;
    return !by_view && !relation->target->read_only;
}

bool is_of_tables(const query::ColumnPath& path) {
    const bool tables = std::ranges::all_of(
        path.relations, [](const detail::RelationInfo* relation) { return is_of_tables(relation); });
    return tables && (path.computed == nullptr || computes_the_same(*path.computed));
}

/// Whether a condition chooses the same rows each time.
bool chooses_the_same(const ResolvedCondition& condition) {
    if (!is_of_tables(condition.path)) return false;
    if (const auto* other = std::get_if<query::ColumnPath>(&condition.right); other != nullptr && !is_of_tables(*other))
        return false;
    if (const auto* value = std::get_if<query::ResolvedValuePtr>(&condition.right);
        value != nullptr && !computes_the_same(**value))
        return false;
    if (const auto* inner = std::get_if<std::shared_ptr<const Query>>(&condition.right)) return finds_the_same(**inner);
    return std::ranges::all_of(condition.children, chooses_the_same);
}

/// Whether a computed value is the same each time: the time of the statement is not.
bool computes_the_same(const query::ResolvedValue& value) {
    if (value.aggregate != nullptr) {
        const auto& aggregate = *value.aggregate;
        return is_of_tables(aggregate.path) && (aggregate.value == nullptr || computes_the_same(*aggregate.value)) &&
               std::ranges::all_of(aggregate.conditions, chooses_the_same);
    }
    return value.kind != detail::ValueKind::now && is_of_tables(value.path) &&
           std::ranges::all_of(value.operands, computes_the_same) &&
           std::ranges::all_of(value.conditions, chooses_the_same);
}

/// Whether the rows of `query`, without its slice, are the same each time that one state of the database is asked.
bool selects_the_same(const Query& query) {
    return !query.model->read_only && std::ranges::all_of(query.filters, [](const query::FilterCall& call) {
        return std::ranges::all_of(call.conditions, chooses_the_same);
    });
}

/// Whether the rows have the same order each time.
bool orders_the_same(const Query& query) {
    return std::ranges::all_of(query.order, [](const query::Order& term) { return is_of_tables(term.path); });
}

/// The same, with its slice: which rows that takes, if they are equal in the order, is up to the database.
bool finds_the_same(const Query& query) {
    if (query.nothing) return true;
    if (!query.is_sliced()) return selects_the_same(query);
    const bool same_slice = is_one_row(query) || (has_total_order(query) && orders_the_same(query));
    return selects_the_same(query) && !query.distinct && same_slice;
}

/// Whether the rows of `query` arrive alone, and by a statement of ours.
bool is_plain(const Query& query) {
    return query.raw == nullptr && !query.nothing && !query.latest && !query.locking && !query.owner &&
           query.selected.empty();
}

/// Whether the rows behind `node` can be found a second time. Slices for each parent have a total order.
bool can_be_repeated_per_parent(const LookupNode& node) {
    if (!is_of_tables(node.relation)) return false;
    const auto* queryset = node.queryset.get();
    return queryset == nullptr || (queryset->selected.empty() && selects_the_same(*queryset) &&
                                   (!queryset->is_sliced() || (!queryset->distinct && orders_the_same(*queryset))));
}

bool matches_by_key(const detail::RelationInfo& relation, const sql::Dialect& dialect) {
    if (relation.source_columns.size() != 1 || relation.target_columns.size() != 1) return false;
    if (relation.forward && relation.only_type) return false; // only some of the rows have that key
    const auto& source = *relation.source_columns.front();
    const auto& target = *relation.target_columns.front();
    const bool same =
        source.type == target.type || (detail::is_integer(source.type) && detail::is_integer(target.type));
    const bool known = source.generic == nullptr && !source.dynamic;
    return known && (same || relation.join_table) && dialect.matches_by_key(source.type) &&
           (relation.join_table || dialect.matches_by_key(target.type));
}

bool can_go_ahead(const LookupNode& node, const Query& query, const sql::Dialect& dialect) {
    if (node.relation == nullptr || !matches_by_key(*node.relation, dialect)) return false;
    const auto* queryset = node.queryset.get();
    return queryset == nullptr || (queryset->db == query.db && queryset->raw == nullptr && !queryset->nothing &&
                                   !queryset->latest && !queryset->locking && !queryset->owner);
}

// ---- what it costs

/// What it costs to find rows again, fitted to measurements on PostgreSQL 15 (docs/performance.md).
constexpr nanoseconds subselect_cost = microseconds(35);
constexpr nanoseconds row_cost = nanoseconds(1500);
/// With many rows, the server finds them by scanning, for keys and for subselects alike.
constexpr double many_rows = 4000;
constexpr nanoseconds further_row_cost = nanoseconds(50);
/// Rows of a set, if nothing is known about it.
constexpr double usual_set = 5;

double cost_of(double rows, std::size_t depth) {
    const auto few = std::min(rows, many_rows);
    return static_cast<double>(subselect_cost.count()) * static_cast<double>(depth) +
           static_cast<double>(row_cost.count()) * few + static_cast<double>(further_row_cost.count()) * (rows - few);
}

/// The rows that `node` leads to from `parents` rows.
double rows_behind(const LookupNode& node, double parents) {
    if (!node.relation->many) return parents;
    if (node.queryset != nullptr && node.queryset->limit) return parents * static_cast<double>(*node.queryset->limit);
    return parents * usual_set;
}

std::size_t number_of(std::span<const LookupNode> nodes) {
    auto number = nodes.size();
    for (const auto& node : nodes) number += number_of(node.children);
    return number;
}

class Planner {
public:
    /// `known`: planned without subselects; its keys are used again. Null for the first plan of a query.
    Planner(const Query& query, const sql::Dialect& dialect, bool by_subselects, const Planner* known = nullptr)
        : query_(query),
          dialect_(dialect),
          known_(known),
          by_subselects_(by_subselects),
          first_are_the_same_(by_subselects && finds_the_same(query)) {
        plan_.first = std::make_unique<sql::RowsAbove>();
        plan_.first->query = &query;
        plan_.first->whole = is_one_row(query); // without the slice, which then has no effect
    }

    /// With subselects, `rows` is the number of first rows.
    void plan(double rows) {
        plan_.are_all = true;
        plan_.lookups.reserve(number_of(query_.lookups)); // they refer to each other
        add(query_.lookups, *plan_.first, nullptr, {.rows = rows, .read_again = rows, .depth = 1});
    }
    AheadPlan take() { return std::move(plan_); }
    /// Whether subselects may find the first rows again.
    bool first_are_the_same() const { return first_are_the_same_; }
    /// The round trips in which everything that does not go ahead is loaded.
    std::size_t later_rounds() const { return later_rounds_; }
    /// What the subselects cost; a day at most.
    nanoseconds cost() const {
        constexpr double most = 86'400e9;
        return nanoseconds(static_cast<std::int64_t>(std::min(cost_, most)));
    }

private:
    struct Level {
        double rows;
        double read_again; // by a subselect
        std::size_t depth;
        std::size_t later{0}; // the lookups above that do not go ahead
    };

    void add(std::span<const LookupNode> nodes, const sql::RowsAbove& above, const LookupNode* behind,
             const Level& level) {
        for (const auto& node : nodes) {
            const bool can = can_go_ahead(node, query_, dialect_) && !may_arrive_loaded(node, behind);
            if (const auto from = can ? origin(node, above) : std::nullopt) {
                add_ahead(node, *from, level);
            } else {
                skip(node, level);
            }
        }
    }

    /// Whether rows may have the member already, by the lookup `behind` or by another one that leads to the same rows.
    bool may_arrive_loaded(const LookupNode& node, const LookupNode* behind) const {
        return (behind != nullptr && may_be_loaded(*behind, node)) ||
               std::ranges::any_of(query_.lookups,
                                   [&](const LookupNode& root) { return fills_shared_rows(root, *node.slot, false); });
    }

    /// Null if they are not known.
    std::shared_ptr<const sql::KeySet> keys_of(const LookupNode& node) const {
        const auto found = std::ranges::find(plan_.lookups, &node, &AheadLookup::node);
        return found == plan_.lookups.end() ? nullptr : found->from.keys;
    }

    /// The keys if they are known, or else the rows above, if these may be asked for.
    std::optional<sql::KeyOrigin> origin(const LookupNode& node, const sql::RowsAbove& above) const {
        const auto& source = *node.relation->source_columns.front();
        if (above.query != nullptr) {
            if (auto keys = known_ != nullptr ? known_->keys_of(node) : nullptr) return sql::KeyOrigin(std::move(keys));
            if (const auto* value = fixed_value(*above.query, source)) {
                auto keys = std::make_shared<sql::KeySet>(std::span(&source.type, 1));
                keys->add(*value);
                if (keys->size() == 1) return sql::KeyOrigin(std::shared_ptr<const sql::KeySet>(std::move(keys)));
            }
        }
        const bool can_ask = above.query != nullptr ? first_are_the_same_ : by_subselects_;
        if (!can_ask) return std::nullopt;
        return sql::KeyOrigin(above);
    }

    void add_ahead(const LookupNode& node, const sql::KeyOrigin& from, const Level& level) {
        auto& ahead = plan_.lookups.emplace_back();
        ahead.node = &node;
        ahead.from = from;
        ahead.rows = {.relation = node.relation, .from = from, .queryset = node.queryset.get()};
        const auto rows = rows_behind(node, level.rows);
        if (from.above != nullptr) cost_ += cost_of(level.read_again, level.depth);
        if (node.children.empty()) return;
        const Level next{.rows = rows,
                         .read_again = (from.above != nullptr ? level.read_again : 0) + rows,
                         .depth = from.above != nullptr ? level.depth + 1 : 1};
        if (can_be_repeated_per_parent(node)) {
            add(node.children, ahead.rows, &node, next);
        } else {
            for (const auto& child : node.children) skip(child, next);
        }
    }

    /// Leaves `node` and the lookups behind it for later.
    void skip(const LookupNode& node, Level level) {
        plan_.are_all = false;
        later_rounds_ = std::max(later_rounds_, ++level.later);
        for (const auto& child : node.children) skip(child, level);
    }

    const Query& query_;
    const sql::Dialect& dialect_;
    const Planner* known_;
    bool by_subselects_;
    bool first_are_the_same_;
    AheadPlan plan_{};
    std::size_t later_rounds_{0};
    double cost_{0};
};

/// The number of rows that `query` returns at most, if that is known before it runs.
std::optional<std::size_t> most_rows(const Query& query) {
    if (is_one_row(query)) return 1;
    std::optional<std::size_t> most = query.limit;
    for (const auto* column : query.model->columns) {
        const auto listed = is_unique(*column) ? listed_values(query, *column) : std::nullopt;
        if (listed) most = std::min(most.value_or(*listed), *listed);
    }
    return most;
}

} // namespace

AheadPlan plan_ahead(const Query& query, LoadStrategy strategy, const sql::Dialect& dialect,
                     const Circumstances& circumstances) {
    using Reason = Choice::Reason;
    const auto levels = [](Reason reason) {
        AheadPlan plan;
        plan.choice.reason = reason;
        return plan;
    };
    const auto decided = [](AheadPlan plan, Choice choice) {
        choice.strategy = plan.lookups.empty() ? LoadStrategy::levels : LoadStrategy::one_trip;
        plan.choice = choice;
        return plan;
    };
    if (strategy == LoadStrategy::levels) return levels(Reason::set);
    if (!circumstances.sends_together) return levels(Reason::one_at_a_time);
    if (!is_plain(query)) return levels(Reason::not_repeatable);

    Planner known(query, dialect, false);
    known.plan(0);
    if (!circumstances.one_state) return decided(known.take(), {.reason = Reason::may_change});
    const auto most = most_rows(query);
    if (strategy == LoadStrategy::automatic && !most) return decided(known.take(), {.reason = Reason::not_bounded});
    if (strategy == LoadStrategy::automatic && known.later_rounds() == 0) {
        return decided(known.take(), {.reason = Reason::estimated, .most_rows = *most});
    }
    Planner all(query, dialect, true, &known);
    all.plan(static_cast<double>(most.value_or(0)));
    if (strategy == LoadStrategy::one_trip) {
        return decided(all.take(), {.reason = all.first_are_the_same() ? Reason::set : Reason::not_repeatable});
    }
    const auto saved = circumstances.round_trip * static_cast<std::int64_t>(known.later_rounds() - all.later_rounds());
    const Choice choice{
        .reason = Reason::estimated, .most_rows = *most, .subselects = all.cost(), .round_trips = saved};
    return decided(all.cost() <= saved ? all.take() : known.take(), choice);
}

} // namespace kith::prefetch
