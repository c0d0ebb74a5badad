#include "run/explain.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "database/session.hpp"
#include "prefetch/fetch.hpp"
#include "sql/select.hpp"

namespace kith::run {

namespace {

std::string_view kind_of(const detail::FieldInfo& field) {
    switch (field.kind) {
        case detail::MemberKind::foreign_key: return "foreign key";
        case detail::MemberKind::one_to_one: return "one-to-one";
        case detail::MemberKind::many_to_many: return "many-to-many";
        case detail::MemberKind::reverse_one: return "reverse of a one-to-one";
        case detail::MemberKind::reverse_set:
            return field.relation->join_table ? "reverse of a many-to-many" : "reverse of a foreign key";
        default: return "slot";
    }
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
std::string what_it_took(const std::string& path, const Evaluation* done) {
    if (done == nullptr) return {};
    const auto found = std::ranges::find(done->loaded, path, &prefetch::Loaded::path);
    if (found == done->loaded.end()) return " — took no statement: there were no keys";
    return fmt::format(" — took {} for {} keys, {} rows", found->statements, found->keys, found->rows);
}

class Tree {
public:
    Tree(std::size_t threshold, const Evaluation* done) : threshold_(threshold), done_(done) {}

    void add(const std::vector<query::LookupNode>& nodes, std::size_t depth) {
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
            text_ += fmt::format("; {}{}\n", statements_of(node, threshold_), what_it_took(node.path, done_));
            add(node.children, depth + 1);
        }
    }
    std::string take() { return std::move(text_); }

private:
    std::size_t threshold_;
    const Evaluation* done_;
    std::string text_;
};

}  // namespace

std::string explain_statement(const detail::Query& query) {
    database::Session session(query.db);
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
    tree.add(query.lookups, 1);
    text += tree.take();
    text += query.lookups.empty() ? "no transaction: a single statement\n" : "all in one snapshot\n";
    return text;
}

}  // namespace kith::run
