#include "sql/joins.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kith::sql {

bool is_multiple(const RelationInfo& relation) { return relation.many; }

Joins::Joins(const Dialect& dialect, const ModelInfo& base, std::string_view base_alias)
    : dialect_(dialect), is_subquery_(!base_alias.empty()) {
    tables_.push_back({.name = qualified(dialect, base.schema, base.table),
                       .alias = dialect.quote(base_alias.empty() ? std::string_view(base.table) : base_alias),
                       .from = 0,
                       .relation = nullptr,
                       .scope = shared,
                       .is_link = false,
                       .inner = true,
                       .condition = {}});
}

std::string Joins::unused_alias(std::string_view table_name) const {
    const auto taken = [&](const std::string& alias) {
        return std::ranges::find(tables_, alias, &Table::alias) != tables_.end();
    };
    auto alias = is_subquery_ ? dialect_.quote(fmt::format("U{}", tables_.size())) : dialect_.quote(table_name);
    for (auto n = tables_.size() + 1; taken(alias); ++n) alias = dialect_.quote(fmt::format("T{}", n));
    return alias;
}

std::size_t Joins::add(std::size_t from, const RelationInfo& relation, Scope scope, bool is_link, bool inner,
                       std::string name, std::string_view table_name) {
    tables_.push_back({.name = std::move(name),
                       .alias = unused_alias(table_name),
                       .from = from,
                       .relation = &relation,
                       .scope = scope,
                       .is_link = is_link,
                       .inner = inner,
                       .condition = {}});
    return tables_.size() - 1;
}

std::size_t Joins::follow_to_link(std::size_t from, const RelationInfo& relation, Scope scope, bool inner) {
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        auto& table = tables_[i];
        if (table.from == from && table.relation == &relation && table.scope == scope && table.is_link) {
            table.inner = table.inner || inner;
            return i;
        }
    }
    const auto& link = *relation.join_table;
    const auto at = add(from, relation, scope, true, inner, qualified(dialect_, link.schema, link.name), link.name);
    tables_[at].condition = fmt::format("{} = {}", column(from, relation.source_columns.front()->column),
                                        column(at, link.source_columns.front()));
    return at;
}

std::size_t Joins::follow(std::size_t from, const RelationInfo& relation, Scope scope, bool inner) {
    if (!is_multiple(relation)) scope = shared;
    const auto parent = relation.join_table ? follow_to_link(from, relation, scope, inner) : from;
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        auto& table = tables_[i];
        if (table.from == parent && table.relation == &relation && table.scope == scope && !table.is_link) {
            table.inner = table.inner || inner;
            return i;
        }
    }
    const auto& target = *relation.target;
    const auto at = add(parent, relation, scope, false, inner, qualified(dialect_, target.schema, target.table),
                        target.table);
    const auto& near = relation.join_table ? relation.join_table->target_columns.front()
                                           : relation.source_columns.front()->column;
    tables_[at].condition =
        fmt::format("{} = {}", column(parent, near), column(at, relation.target_columns.front()->column));
    return at;
}

std::string Joins::column(std::size_t at, std::string_view column_name) const {
    return fmt::format("{}.{}", tables_[at].alias, dialect_.quote(column_name));
}

bool Joins::is_optional(std::size_t at) const {
    for (; at != 0; at = tables_[at].from) {
        if (!tables_[at].inner) return true;
    }
    return false;
}

bool Joins::multiplies() const {
    return std::ranges::any_of(tables_,
                               [](const Table& t) { return t.relation != nullptr && is_multiple(*t.relation); });
}

std::string Joins::base_table() const {
    const auto& base = tables_.front();
    // A table in a schema goes by its bare name anyway, and MariaDB deletes from no alias.
    if (base.name == base.alias || base.name.ends_with("." + base.alias)) return base.name;
    return fmt::format("{} AS {}", base.name, base.alias);
}

std::string Joins::text() const {
    std::string text;
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        const auto& table = tables_[i];
        text += is_optional(i) ? " LEFT OUTER JOIN " : " INNER JOIN ";
        text += table.name;
        if (table.alias != table.name) text += " AS " + table.alias;
        text += " ON (" + table.condition + ")";
    }
    return text;
}

}  // namespace kith::sql
