#include "run/explain.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "database/session.hpp"
#include "prefetch/attach.hpp"
#include "prefetch/fetch.hpp"
#include "sql/select.hpp"

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

/// Where the rows of one level of the tree come from.
struct Level {
    Level* above{nullptr};
    const query::RelationInfo* came_by{nullptr};                   ///< null where they do not lead back to the rows above
    std::vector<std::vector<const query::RelationInfo*>> joined{}; ///< what select_related joined to them
    std::set<const detail::FieldInfo*> planned{}; ///< members that a lookup fills, for some rows at least
    /// Those behind what select_related joined: a lookup that leads back comes to the same rows again.
    std::map<const detail::FieldInfo*, std::unique_ptr<Level>> behind{};
    std::map<const detail::FieldInfo*, std::unique_ptr<Level>> fetched{}; ///< those behind what lookups fetch
    bool mixed{false}; ///< some of the rows came in another way, where a lookup led back to the rows above
};

/// The level behind `node` where select_related joined it already; else null.
Level* joined_level(Level& level, const query::LookupNode& node) {
    const auto known = level.behind.find(node.slot);
    if (known != level.behind.end()) return known->second.get();
    std::unique_ptr<Level> found;
    for (const auto& path : level.joined) {
        if (path.front()->field != node.slot) continue;
        if (found == nullptr) found = std::make_unique<Level>(Level{.above = &level, .came_by = path.front()});
        if (path.size() > 1) found->joined.emplace_back(path.begin() + 1, path.end());
    }
    return found == nullptr ? nullptr : level.behind.emplace(node.slot, std::move(found)).first->second.get();
}

/// Whether the rows of `level` were given their parents in this member when they were attached.
bool is_way_back(const Level& level, const query::LookupNode& node) {
    return level.came_by != nullptr && level.came_by->inverse == node.slot && detail::is_to_one(node.slot->kind);
}

std::string statements_of(const query::LookupNode& node, std::size_t threshold) {
    const auto* queryset = node.queryset.get();
    if (queryset != nullptr && queryset->nothing) return "no statement";
    const auto& relation = *node.relation;
    const auto many = prefetch::choose_shape(relation, queryset, threshold + 1, threshold);
    if (many == prefetch::Shape::related) return "1 statement, 0 without keys";
    if (many == prefetch::Shape::join) return "join: 1 statement, 0 without keys";
    return fmt::format("join: 1 statement up to {} parents; pairs: 2 beyond; 0 without keys", threshold);
}

/// What loading the lookup at `path` took, where it was loaded.
std::string what_it_took(const query::LookupNode& node, const Evaluation* done) {
    if (done == nullptr) return {};
    const auto is_this = [&](const prefetch::Loaded& l) { return l.slot == node.slot && l.path == node.path; };
    const auto found = std::ranges::find_if(done->loaded, is_this);
    if (found == done->loaded.end()) return " — took no statement: there were no keys";
    return fmt::format(" — took {} for {} keys, {} rows", found->statements, found->keys, found->rows);
}

class Tree {
public:
    Tree(std::size_t threshold, const Evaluation* done) : threshold_(threshold), done_(done) {}

    void add(const std::vector<query::LookupNode>& nodes, Level& level, std::size_t depth) {
        for (const auto& node : nodes) {
            const auto& member = *node.relation->field;
            text_ += fmt::format("{:{}}{} → {}  {}", "", depth * 2, node.slot->name, node.relation->target->name,
                                 kind_of(member));
            if (node.slot != &member) text_ += fmt::format(" {} into {}", member.name, node.slot->name);
            if (node.is_default) {
                text_ += fmt::format(", with the default queryset of {}", node.relation->target->name);
            } else if (node.queryset != nullptr) {
                text_ += ", with a queryset of its own";
            }
            text_ += "; ";
            add_statements(node, level, depth);
        }
    }
    std::string take() { return std::move(text_); }

private:
    void add_statements(const query::LookupNode& node, Level& level, std::size_t depth) {
        const bool by_this_alone = level.planned.insert(node.slot).second && !level.mixed;
        if (auto* joined = level.mixed ? nullptr : joined_level(level, node)) {
            text_ += "no statement: joined by select_related\n";
            add(node.children, *joined, depth + 1);
        } else if (by_this_alone && is_way_back(level, node)) {
            text_ += fmt::format("no statement: the {} above\n", node.relation->target->name);
            add(node.children, *level.above, depth + 1);
        } else {
            text_ += fmt::format("{}{}\n", statements_of(node, threshold_), what_it_took(node, done_));
            auto& behind = level.fetched[node.slot];
            if (behind == nullptr) behind = std::make_unique<Level>(Level{.above = &level});
            auto& next = *behind;
            next.mixed = next.mixed || !by_this_alone;
            if (by_this_alone) {
                if (prefetch::leads_back(node)) next.came_by = node.relation;
                if (node.queryset != nullptr) next.joined = node.queryset->selected;
            }
            add(node.children, next, depth + 1);
        }
    }

    std::size_t threshold_;
    const Evaluation* done_;
    std::string text_;
};

}  // namespace

std::string explain_statement(const detail::Query& query) {
    database::Session session(query.db, {.call = "explain", .model = query.model});
    sql::RowPlan plan;
    auto statement = sql::select_rows(query, session.dialect(), plan);
    statement.text = std::string(session.dialect().explain_prefix()) + statement.text;
    std::string text;
    const auto cursor = session.query(statement);
    while (cursor->next()) {
        text += std::get<std::string>(cursor->value(session.dialect().explain_column(), detail::ColumnType::text, nullptr));
        text += '\n';
    }
    return text;
}

std::string explain_loading(const detail::Query& query, const Evaluation* done) {
    std::string text = fmt::format("{}  {}\n", query.model->name, query.nothing ? "no statement" : "1 statement");
    for (const auto& path : query.selected) {
        std::vector<std::string> names;
        for (const auto* relation : path) names.push_back(relation->field->name);
        text += fmt::format("  {} → {}  joined by select_related; no statement\n", fmt::join(names, "__"),
                            path.back()->target->name);
    }
    Tree tree(query.db.options().pairs_threshold, done);
    Level main{.joined = query.selected};
    tree.add(query.lookups, main, 1);
    text += tree.take();
    const bool inside_block = done != nullptr ? done->inside_block : database::Session::is_inside_block(query.db);
    if (inside_block) return text + "in the transaction that is open, whose isolation is kept\n";
    return text + (query.lookups.empty() ? "no transaction: a single statement\n" : "all in one snapshot\n");
}

}  // namespace kith::run
