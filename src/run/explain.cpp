#include "run/explain.hpp"

#include "connection/session.hpp"
#include "prefetch/attach.hpp"
#include "prefetch/fetch.hpp"
#include "sql/select.hpp"
#include "sql/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace kith::run {

namespace {

std::string_view kind_of(const detail::FieldInfo& field) {
    const bool generic = field.relation != nullptr && field.relation->only_type.has_value();
    switch (field.kind) {
    case detail::MemberKind::foreign_key: return generic ? "generic foreign key" : "foreign key";
    case detail::MemberKind::composite_key: return field.unique ? "one-to-one" : "foreign key";
    case detail::MemberKind::one_to_one: return "one-to-one";
    case detail::MemberKind::many_to_many: return "many-to-many";
    case detail::MemberKind::reverse_one: return "reverse of a one-to-one";
    case detail::MemberKind::reverse_set:
        if (generic) return "reverse of a generic foreign key";
        return field.relation->join_table ? "reverse of a many-to-many" : "reverse of a foreign key";
    default: return "slot";
    }
}

using Paths = std::vector<std::vector<const query::RelationInfo*>>;

/// The paths that select_related joined, as far as they lead to other rows: the step back over a one-to-one returns to
/// the row it came from.
Paths without_ways_back(const Paths& selected) {
    Paths paths;
    for (const auto& path : selected) {
        std::vector<const query::RelationInfo*> steps;
        for (const auto* step : path) {
            if (!steps.empty() && steps.back()->inverse == step->field) {
                paths.push_back(steps);
                steps.pop_back();
            } else {
                steps.push_back(step);
            }
        }
        if (!steps.empty()) paths.push_back(std::move(steps));
    }
    return paths;
}

/// Where the rows of one level of the tree come from.
struct Level {
    Level* above{nullptr};
    const query::RelationInfo* came_by{nullptr};  ///< null if they do not lead back to the rows above
    Paths joined{};                               ///< the paths that select_related joined to them, without steps back
    std::set<const detail::FieldInfo*> planned{}; ///< members that a lookup fills, for some rows at least
    /// The levels behind members: another lookup through the same member leads to the same rows.
    std::map<const detail::FieldInfo*, std::unique_ptr<Level>> behind{};
    bool mixed{false}; ///< some of the rows were loaded otherwise, because a lookup led back to the rows above
};

/// The level behind `node` if select_related joined it already; else null.
Level* joined_level(Level& level, const query::LookupNode& node) {
    Paths paths;
    for (const auto& path : level.joined) {
        if (path.front()->field == node.slot) paths.push_back(path);
    }
    if (paths.empty()) return nullptr;
    auto& behind = level.behind[node.slot];
    if (behind == nullptr) {
        behind = std::make_unique<Level>(Level{.above = &level, .came_by = paths.front().front()});
        for (auto& path : paths) path.erase(path.begin());
        std::erase_if(paths, [](const auto& path) { return path.empty(); });
        behind->joined = std::move(paths);
    }
    return behind.get();
}

/// Whether the rows of `level` were given their parents in this member when they were attached.
bool is_way_back(const Level& level, const query::LookupNode& node) {
    return level.came_by != nullptr && level.came_by->inverse == node.slot && detail::is_to_one(node.slot->kind);
}

/// The columns that a statement for `relation` compares with keys.
std::vector<std::string> key_columns(const query::RelationInfo& relation) {
    std::vector<std::string> columns;
    if (relation.join_table) {
        const auto& table = *relation.join_table;
        for (const auto& column : table.source_columns) columns.push_back(table.name + "." + column);
        return columns;
    }
    for (const auto* field : relation.target_columns) columns.push_back(relation.target->table + "." + field->column);
    return columns;
}

std::string path_of(const std::vector<const query::RelationInfo*>& relations) {
    std::vector<std::string_view> names;
    for (const auto* relation : relations) names.push_back(relation->field->name);
    return fmt::format("{}", fmt::join(names, "__"));
}

class Planner {
public:
    Planner(std::size_t threshold, const Evaluation* done) : threshold_(threshold), done_(done) {}

    std::vector<LoadingPlan::Lookup> plan(const std::vector<query::LookupNode>& nodes, Level& level) const {
        std::vector<LoadingPlan::Lookup> lookups;
        for (const auto& node : nodes) {
            const auto& field = *node.relation->field;
            LoadingPlan::Lookup lookup{.path = node.path,
                                       .member = node.slot->name,
                                       .relation = field.name,
                                       .kind = std::string(kind_of(field)),
                                       .model = node.relation->target->name,
                                       .has_queryset = node.queryset != nullptr,
                                       .is_default_queryset = node.is_default};
            lookup.lookups = plan(node.children, follow(node, level, lookup));
            lookups.push_back(std::move(lookup));
        }
        return lookups;
    }

private:
    /// Fills in where the rows of `node` come from; returns their level.
    Level& follow(const query::LookupNode& node, Level& level, LoadingPlan::Lookup& lookup) const {
        const bool by_this_alone = level.planned.insert(node.slot).second && !level.mixed;
        if (auto* joined = level.mixed ? nullptr : joined_level(level, node)) {
            lookup.source = LoadingPlan::Source::joined;
            return *joined;
        }
        if (by_this_alone && is_way_back(level, node)) {
            lookup.source = LoadingPlan::Source::above;
            return *level.above;
        }
        plan_statements(node, lookup);
        auto& behind = level.behind[node.slot];
        if (behind == nullptr) behind = std::make_unique<Level>(Level{.above = &level});
        behind->mixed = behind->mixed || !by_this_alone;
        if (by_this_alone) {
            if (prefetch::leads_back(node)) behind->came_by = node.relation;
            if (node.queryset != nullptr) behind->joined = without_ways_back(node.queryset->selected);
        }
        return *behind;
    }

    void plan_statements(const query::LookupNode& node, LoadingPlan::Lookup& lookup) const {
        const auto* queryset = node.queryset.get();
        if (queryset != nullptr && queryset->nothing) {
            lookup.source = LoadingPlan::Source::nothing;
            return;
        }
        lookup.keys = key_columns(*node.relation);
        lookup.shape = prefetch::choose_shape(*node.relation, queryset, 0, threshold_);
        const auto many = prefetch::choose_shape(*node.relation, queryset, threshold_ + 1, threshold_);
        if (many == prefetch::Shape::pairs) lookup.pairs_beyond = threshold_;
        if (done_ == nullptr) return;
        const auto is_this = [&](const prefetch::Loaded& l) { return l.slot == node.slot && l.path == node.path; };
        const auto found = std::ranges::find_if(done_->loaded, is_this);
        if (found != done_->loaded.end()) lookup.taken = found->taken;
    }

    std::size_t threshold_;
    const Evaluation* done_;
};

} // namespace

namespace {

std::string in_words(const prefetch::Choice& choice) {
    const auto milliseconds = [](std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; };
    using Reason = prefetch::Choice::Reason;
    switch (choice.reason) {
    case Reason::set: return "as set";
    case Reason::one_at_a_time: return "the database takes one statement at a time";
    case Reason::not_repeatable: return "a subselect could find other rows than the main statement";
    case Reason::may_change: return "the transaction may see changes between two statements";
    case Reason::not_bounded: return "the number of rows is not bounded before the main statement has run";
    case Reason::estimated: break;
    }
    return fmt::format("for {} row{} at most, finding rows again would cost {:.2f} ms, waiting for them {:.2f} ms",
                       choice.most_rows, choice.most_rows == 1 ? "" : "s", milliseconds(choice.subselects),
                       milliseconds(choice.round_trips));
}

} // namespace

std::string explain_statement(const detail::Query& query) {
    connection::Session session(query.db, {.name = "explain", .model = query.model});
    sql::RowPlan plan;
    auto statement = sql::select_rows(query, session.dialect(), plan);
    statement.text = sql::concat(session.dialect().explain_prefix(), statement.text.str());
    std::string text;
    const auto cursor = session.query(statement);
    while (cursor->next()) {
        text +=
            std::get<std::string>(cursor->value(session.dialect().explain_column(), detail::ColumnType::text, nullptr));
        text += '\n';
    }
    return text;
}

LoadingPlan plan_loading(const detail::Query& query, const Evaluation* done) {
    LoadingPlan plan{
        .model = query.model->name, .statements = query.nothing ? 0u : 1u, .is_evaluated = done != nullptr};
    for (const auto& path : query.selected) plan.joined.push_back({path_of(path), path.back()->target->name});
    Level main{.joined = without_ways_back(query.selected)};
    plan.lookups = Planner(query.db.options().pairs_threshold, done).plan(query.lookups, main);
    plan.strategy = query.strategy.value_or(query.db.options().load_strategy);
    if (done != nullptr && !query.lookups.empty()) {
        const bool asked = plan.strategy == LoadStrategy::one_trip;
        plan.strategy = done->choice.strategy;
        const bool chosen = done->choice.reason != prefetch::Choice::Reason::one_at_a_time || asked;
        if (chosen) plan.strategy_reason = in_words(done->choice);
    }
    const bool inside_block = done != nullptr ? done->inside_block : connection::Session::is_inside_block(query.db);
    if (inside_block) {
        plan.isolation = LoadingPlan::Isolation::transaction;
    } else if (!query.lookups.empty()) {
        plan.isolation = LoadingPlan::Isolation::snapshot;
    }
    return plan;
}

} // namespace kith::run
