#include "commands.hpp"
#include "output.hpp"
#include "schema_text.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <vector>

namespace kith::cli {

namespace {

/// All tables, or one with those that its relations lead to, for a picture.
std::vector<const inspect::Table*> chosen(const inspect::Schema& schema, const SchemaArguments& arguments) {
    std::vector<const inspect::Table*> tables;
    if (arguments.table.empty()) {
        for (const auto& table : schema.tables) tables.push_back(&table);
        return tables;
    }
    tables.push_back(as_usage([&] { return &schema.table(arguments.table); }));
    if (!arguments.dot && !arguments.svg) return tables;
    const auto& table = *tables.front();
    for (const auto& other : schema.tables) {
        const bool is_near = std::ranges::any_of(
            table.relations, [&](const inspect::Relation& relation) { return relation.target == other.name; });
        if (is_near && &other != &table) tables.push_back(&other);
    }
    return tables;
}

} // namespace

int print_schema(const SchemaArguments& arguments) {
    const auto schema = inspect::read_schema(open(arguments.url));
    const auto tables = chosen(schema, arguments);
    Output out;
    if (arguments.json) {
        out.add(schema_json(schema, tables));
    } else if (arguments.dot) {
        out.add(schema_dot(tables));
    } else if (arguments.svg) {
        out.add(schema_svg(tables));
    } else {
        out.add(schema_tree(schema, tables));
    }
    out.flush();
    return exit_good;
}

} // namespace kith::cli
