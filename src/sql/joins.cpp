#include "sql/joins.hpp"

#include "sql/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kith::sql {

bool is_multiple(const RelationInfo& relation) { return relation.many; }

namespace {

/// Whether the two columns hold the same value wherever the database finds them equal.
bool are_same_if_equal(const FieldInfo& one, const FieldInfo& other, const Dialect& dialect) {
    const auto is_plain = [](const FieldInfo& field) { return !field.dynamic && !field.as_text; };
    if (!is_plain(one) || !is_plain(other)) return false;
    if (is_signed_integer(one.type) && is_signed_integer(other.type)) return true;
    return one.type == other.type && dialect.matches_by_key(one.type);
}

/// Whether `relation` is a foreign key to what no two rows of its target share.
bool refers_to_one(const RelationInfo& relation) {
    if (!relation.forward || relation.only_type) return false;
    const auto& columns = relation.target_columns;
    return columns == relation.target->primary_key || (columns.size() == 1 && columns.front()->unique);
}

/// `U0`, `U1`, … in a subquery, `V0`, … in one within it.
std::string nested_alias(std::size_t depth, std::size_t number) {
    return fmt::format("{}{}", static_cast<char>('U' + (depth - 1) % 6), number + 10 * ((depth - 1) / 6));
}

} // namespace

const FieldInfo* same_in_source(const RelationInfo& relation, const FieldInfo& column, const Dialect& dialect) {
    if (relation.join_table || relation.only_type) return nullptr;
    const auto found = std::ranges::find(relation.target_columns, &column);
    if (found == relation.target_columns.end()) return nullptr;
    const auto at = static_cast<std::size_t>(found - relation.target_columns.begin());
    const auto& source = *relation.source_columns[at];
    return are_same_if_equal(source, column, dialect) ? &source : nullptr;
}

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
    joins.pass_over_keys();
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
                       .inner = inner,
                       .needed = !passes_over_});
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
    match(at, from, relation, std::span(&link.source_columns.front(), 1));
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
    if (relation.join_table) {
        tables_[at].condition = concat(column(parent, relation.join_table->target_columns.front()), " = ",
                                       column(at, relation.target_columns.front()->column));
        return at;
    }
    std::vector<std::string> columns;
    for (const auto* shared_column : relation.target_columns) columns.push_back(shared_column->column);
    match(at, from, relation, columns);
    if (const auto only = type_condition(relation, relation.forward ? parent : at); !only.empty()) {
        auto& table = tables_[at];
        table.condition += " AND " + only;
        if (!table.past_from.empty()) table.past_from += " AND " + only;
    }
    return at;
}

void Joins::match(std::size_t at, std::size_t from, const RelationInfo& relation,
                  std::span<const std::string> columns) {
    std::vector<std::string> parts;
    std::vector<std::string> past_from;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& near = *relation.source_columns[i];
        const auto far = concat(" = ", column(at, columns[i]));
        parts.push_back(column(from, near.column) + far);
        if (const auto* key = passed_over(from, near)) {
            past_from.push_back(column(tables_[from].from, key->column) + far);
        }
    }
    tables_[at].condition = joined(parts, " AND ");
    if (past_from.size() == parts.size()) tables_[at].past_from = joined(past_from, " AND ");
}

const FieldInfo* Joins::passed_over(std::size_t from, const FieldInfo& key) const {
    const auto* way = tables_[from].relation;
    if (!passes_over_ || way == nullptr || tables_[from].is_link || !refers_to_one(*way)) return nullptr;
    return same_in_source(*way, key, dialect_);
}

std::vector<bool> Joins::joined_tables() const {
    std::vector<bool> is_joined;
    for (const auto& table : tables_) is_joined.push_back(table.needed);
    for (auto i = tables_.size() - 1; i > 0; --i) { // a table stands behind the one it is followed from
        const auto from = tables_[i].from;
        if (!is_joined[i]) continue;
        is_joined[tables_[i].past_from.empty() || is_joined[from] ? from : tables_[from].from] = true;
    }
    return is_joined;
}

const std::string& Joins::condition(std::size_t at, const std::vector<bool>& is_joined) const {
    const auto& table = tables_[at];
    return table.past_from.empty() || is_joined[table.from] ? table.condition : table.past_from;
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
    if (first == tables_.size()) return text;
    const auto is_joined = joined_tables();
    for (auto i = first; i < tables_.size(); ++i) {
        if (tables_[i].given || !is_joined[i]) continue;
        text += concat(is_optional(i) ? " LEFT OUTER JOIN " : " INNER JOIN ", declared(i), " ON (",
                       condition(i, is_joined), ")");
    }
    return text;
}

std::string Joins::base_table() const { return declared(0); }

std::string Joins::text() const { return join_clause(1); }

std::size_t Joins::first_joined() const {
    const auto is_joined = joined_tables();
    return static_cast<std::size_t>(std::find(is_joined.begin() + 1, is_joined.end(), true) - is_joined.begin());
}

std::string Joins::tables_about_row() const {
    const auto first = first_joined();
    return declared(first) + join_clause(first + 1);
}

std::string Joins::tie() const { return condition(first_joined(), joined_tables()); }

} // namespace kith::sql
