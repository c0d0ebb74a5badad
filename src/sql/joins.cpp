#include "sql/joins.hpp"

#include "sql/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kith::sql {

bool is_multiple(const RelationInfo& relation) { return relation.many; }

namespace {

/// `U0`, `U1`, … in a subquery, `V0`, … in one within it.
std::string nested_alias(std::size_t depth, std::size_t number) {
    return fmt::format("{}{}", static_cast<char>('U' + (depth - 1) % 6), number + 10 * ((depth - 1) / 6));
}

} // namespace

Joins::Joins(Writer& writer, const ModelInfo& base) : writer_(writer), dialect_(writer.dialect()) {
    tables_.push_back({.name = qualified(dialect_, base.schema, base.table), .alias = dialect_.quote(base.table)});
}

Joins::Joins(const Joins& outer, std::size_t depth) : writer_(outer.writer_), dialect_(outer.dialect_), depth_(depth) {}

Joins Joins::within(const Joins& outer, const ModelInfo& base) {
    Joins joins(outer, outer.depth_ + 1);
    const auto& dialect = outer.dialect_;
    joins.tables_.push_back(
        {.name = qualified(dialect, base.schema, base.table), .alias = dialect.quote(nested_alias(joins.depth_, 0))});
    return joins;
}

Joins Joins::about_row_of(const Joins& outer) {
    Joins joins(outer, outer.depth_ + 1);
    joins.tables_.push_back(outer.tables_.front());
    return joins;
}

std::string Joins::unused_alias(std::string_view table_name) const {
    const auto taken = [&](const std::string& alias) {
        return std::ranges::find(tables_, alias, &Table::alias) != tables_.end();
    };
    auto alias = dialect_.quote(depth_ > 0 ? nested_alias(depth_, tables_.size()) : table_name);
    for (auto n = tables_.size() + 1; taken(alias); ++n) alias = dialect_.quote(fmt::format("T{}", n));
    return alias;
}

const std::string& Joins::given_link(const RelationInfo& relation, CallNumber call_number) {
    const auto& link = *relation.join_table;
    tables_.push_back({.name = qualified(dialect_, link.schema, link.name),
                       .alias = unused_alias(link.name),
                       .relation = &relation,
                       .call_number = call_number,
                       .is_link = true,
                       .given = true});
    return tables_.back().alias;
}

std::size_t Joins::find_given(std::size_t from, const RelationInfo& relation, CallNumber call_number) const {
    if (from != 0 || tables_.size() < 2 || !tables_[1].given) return 0;
    if (tables_[1].call_number != every_call && tables_[1].call_number != call_number) return 0;
    const auto& link = *tables_[1].relation->join_table;
    if (relation.join_table) {
        const auto& other = *relation.join_table;
        const bool same = other.name == link.name && other.schema == link.schema &&
                          other.source_columns == link.target_columns && other.target_columns == link.source_columns;
        return same ? 1 : 0;
    }
    const bool to_links = link.through != nullptr && relation.target == link.through && !relation.forward &&
                          relation.target_columns.front()->column == link.target_columns.front();
    return to_links ? 1 : 0;
}

std::size_t Joins::add(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool is_link, bool inner,
                       std::string name, std::string_view table_name) {
    tables_.push_back({.name = std::move(name),
                       .alias = unused_alias(table_name),
                       .from = from,
                       .relation = &relation,
                       .call_number = call_number,
                       .is_link = is_link,
                       .inner = inner});
    return tables_.size() - 1;
}

std::size_t Joins::follow_to_link(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool inner) {
    if (const auto given = find_given(from, relation, call_number)) return given;
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        auto& table = tables_[i];
        if (table.from == from && table.relation == &relation && table.call_number == call_number && table.is_link) {
            table.inner = table.inner || inner;
            return i;
        }
    }
    const auto& link = *relation.join_table;
    const auto at =
        add(from, relation, call_number, true, inner, qualified(dialect_, link.schema, link.name), link.name);
    tables_[at].condition =
        concat(column(from, relation.source_columns.front()->column), " = ", column(at, link.source_columns.front()));
    return at;
}

std::size_t Joins::follow(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool inner) {
    if (!is_multiple(relation)) call_number = shared;
    if (!relation.join_table) {
        if (const auto given = find_given(from, relation, call_number)) return given;
    }
    const auto parent = relation.join_table ? follow_to_link(from, relation, call_number, inner) : from;
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        auto& table = tables_[i];
        if (table.from == parent && table.relation == &relation && table.call_number == call_number && !table.is_link) {
            table.inner = table.inner || inner;
            return i;
        }
    }
    const auto& target = *relation.target;
    const auto at = add(parent, relation, call_number, false, inner, qualified(dialect_, target.schema, target.table),
                        target.table);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < relation.target_columns.size(); ++i) {
        const auto& near =
            relation.join_table ? relation.join_table->target_columns[i] : relation.source_columns[i]->column;
        parts.push_back(concat(column(parent, near), " = ", column(at, relation.target_columns[i]->column)));
    }
    tables_[at].condition = joined(parts, " AND ");
    if (const auto only = type_condition(relation, relation.forward ? parent : at); !only.empty()) {
        tables_[at].condition += " AND " + only;
    }
    return at;
}

std::string Joins::type_condition(const RelationInfo& relation, std::size_t at) const {
    if (!relation.only_type) return {};
    return concat(column(at, relation.only_type->column->column), " = ",
                  writer_.bind(detail::Value{relation.only_type->type}));
}

std::string Joins::column(std::size_t at, std::string_view column_name) const {
    std::string text;
    text.reserve(tables_[at].alias.size() + column_name.size() + 3);
    append_column(text, at, column_name);
    return text;
}

void Joins::append_column(std::string& text, std::size_t at, std::string_view column_name) const {
    text += tables_[at].alias;
    text += '.';
    dialect_.append_quoted(text, column_name);
}

bool Joins::is_optional(std::size_t at) const {
    for (; at != 0; at = tables_[at].from) {
        if (!tables_[at].inner) return true;
    }
    return false;
}

std::size_t Joins::sets() const {
    const auto is_set = [](const Table& t) {
        return t.relation != nullptr && !t.given && is_multiple(*t.relation) && (t.is_link || !t.relation->join_table);
    };
    return static_cast<std::size_t>(std::ranges::count_if(tables_, is_set));
}

std::string Joins::declared(std::size_t at) const {
    const auto& table = tables_[at];
    // A table in a schema is known by its bare name anyway, and MariaDB's DELETE takes no alias.
    const auto& name = table.name;
    const auto before = name.size() - std::min(name.size(), table.alias.size());
    const bool is_bare = name.ends_with(table.alias) && (before == 0 || name[before - 1] == '.');
    if (is_bare) return name;
    return concat(table.name, " AS ", table.alias);
}

std::string Joins::join_clause(std::size_t first) const {
    std::string text;
    for (auto i = first; i < tables_.size(); ++i) {
        if (tables_[i].given) continue;
        text += concat(is_optional(i) ? " LEFT OUTER JOIN " : " INNER JOIN ", declared(i), " ON (",
                       tables_[i].condition, ")");
    }
    return text;
}

std::string Joins::base_table() const { return declared(0); }

std::string Joins::text() const { return join_clause(1); }

std::string Joins::tables_about_row() const { return declared(1) + join_clause(2); }

} // namespace kith::sql
