#include "schema_text.hpp"

#include "json.hpp"
#include "output.hpp"
#include "printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace kith::cli {

namespace {

using inspect::CatalogColumn;
using inspect::Relation;
using inspect::Schema;
using inspect::Table;
using Kind = Relation::Kind;

bool is_in_key(const Table& table, const CatalogColumn& column) {
    return std::ranges::find(table.primary_key, column.name) != table.primary_key.end();
}

bool is_unique(const Table& table, const CatalogColumn& column) {
    return std::ranges::any_of(table.unique, [&](const std::vector<std::string>& names) {
        return names.size() == 1 && names.front() == column.name;
    });
}

std::string marks_of(const Table& table, const CatalogColumn& column) {
    std::string marks;
    if (is_in_key(table, column)) marks += ", key";
    if (is_unique(table, column)) marks += ", unique";
    if (column.nullable && !is_in_key(table, column)) marks += ", may be NULL";
    if (column.generated) marks += ", computed";
    return marks;
}

/// `a`, or `(a, b)`.
std::string together(const std::vector<std::string>& columns) {
    return columns.size() == 1 ? columns.front() : fmt::format("({})", fmt::join(columns, ", "));
}

std::string way_of(const Relation& relation) {
    switch (relation.kind) {
    case Kind::foreign_key:
        return fmt::format("by {} → {}.{}", together(relation.columns), relation.target,
                           together(relation.target_columns));
    case Kind::reverse: return fmt::format("by {}.{}", relation.target, together(relation.target_columns));
    case Kind::many_to_many: break;
    }
    return fmt::format("through {} ({}, {})", relation.link, relation.link_column, relation.link_target_column);
}

void add_table(std::string& out, const Table& table) {
    out += fmt::format("{}{}\n", printable(table.name),
                       table.is_view   ? "  (view)"
                       : table.is_link ? "  (links of a many-to-many)"
                                       : "");
    std::vector<std::array<std::string, 2>> lines;
    std::size_t width = 0;
    for (const auto& column : table.columns) {
        const auto type = column.declared.empty() ? std::string("any type") : column.declared;
        lines.push_back({printable(column.name), printable(type) + marks_of(table, column)});
    }
    for (const auto& relation : table.relations) {
        const auto* arrow = relation.is_to_one() ? "→" : "⇉";
        lines.push_back({fmt::format("{} {}", arrow, printable(relation.name)),
                         printable(fmt::format("{}, {}: {}", relation.target, kind_name(relation), way_of(relation)))});
    }
    for (const auto& entry : lines) width = std::max(width, width_of(entry[0]));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool last = i + 1 == lines.size() && table.notes.empty();
        out += fmt::format("{} {}  {}\n", last ? "└─" : "├─", padded(lines[i][0], width), lines[i][1]);
    }
    for (std::size_t i = 0; i < table.notes.size(); ++i) {
        out += fmt::format("{} {}\n", i + 1 == table.notes.size() ? "└─" : "├─", printable(table.notes[i]));
    }
}

// ---- JSON

void add_name(std::string& out, std::string_view name) {
    append_json_text(out, name);
    out += ": ";
}
void add_text(std::string& out, std::string_view name, std::string_view value) {
    add_name(out, name);
    append_json_text(out, value);
}

template <class List, class Add>
void add_list(std::string& out, std::string_view name, const List& list, const Add& add) {
    add_name(out, name);
    out += '[';
    const auto* separator = "";
    for (const auto& each : list) {
        out += separator;
        separator = ", ";
        add(each);
    }
    out += ']';
}

void add_texts(std::string& out, std::string_view name, const std::vector<std::string>& texts) {
    add_list(out, name, texts, [&](const std::string& text) { append_json_text(out, text); });
}

void add_column(std::string& out, const CatalogColumn& column) {
    out += "\n      {";
    add_text(out, "name", column.name);
    out += ", ";
    add_text(out, "type", column.declared);
    out += fmt::format(", \"nullable\": {}, \"computed\": {}}}", column.nullable, column.generated);
}

void add_relation(std::string& out, const Relation& relation) {
    out += "\n      {";
    const auto add = [&](std::string_view name, const std::string& value) {
        out += name == "name" ? "" : ", ";
        add_text(out, name, value);
    };
    add("name", relation.name);
    add("kind", std::string(kind_name(relation)));
    add("table", relation.target);
    out += fmt::format(", \"many\": {}", !relation.is_to_one());
    if (relation.columns.size() == 1) {
        add("column", relation.columns.front());
        add("target_column", relation.target_columns.front());
    } else {
        out += ", ";
        add_texts(out, "columns", relation.columns);
        out += ", ";
        add_texts(out, "target_columns", relation.target_columns);
    }
    if (relation.kind == Kind::many_to_many) {
        add("link", relation.link);
        add("link_column", relation.link_column);
        add("link_target_column", relation.link_target_column);
    }
    add("inverse", relation.inverse);
    out += '}';
}

void add_json(std::string& out, const Table& table) {
    out += "\n    {";
    add_text(out, "name", table.name);
    out += fmt::format(", \"view\": {}, \"link\": {},\n     ", table.is_view, table.is_link);
    add_list(out, "columns", table.columns, [&](const CatalogColumn& column) { add_column(out, column); });
    out += ",\n     ";
    add_texts(out, "primary_key", table.primary_key);
    out += ",\n     ";
    add_list(out, "relations", table.relations, [&](const Relation& relation) { add_relation(out, relation); });
    out += ",\n     ";
    add_texts(out, "notes", table.notes);
    out += '}';
}

} // namespace

std::string_view kind_name(const Relation& relation) {
    switch (relation.kind) {
    case Kind::foreign_key: return relation.is_one_to_one ? "one-to-one" : "foreign key";
    case Kind::reverse: return relation.is_one_to_one ? "reverse of a one-to-one" : "reverse of a foreign key";
    case Kind::many_to_many: break;
    }
    return relation.is_far ? "reverse of a many-to-many" : "many-to-many";
}

std::string schema_tree(const Schema& schema, Tables tables) {
    std::string out;
    for (const auto* table : tables) {
        if (!out.empty()) out += '\n';
        add_table(out, *table);
    }
    for (const auto& sentence : schema.unreadable) out += "\n" + printable(sentence) + "\n";
    return out;
}

std::string schema_json(const Schema& schema, Tables tables) {
    std::string out = "{\n  ";
    add_list(out, "tables", tables, [&](const Table* table) { add_json(out, *table); });
    out += ",\n  ";
    add_texts(out, "unreadable", schema.unreadable);
    return out + "\n}\n";
}

} // namespace kith::cli
