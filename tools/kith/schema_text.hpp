#pragma once

#include "inspect/schema.hpp"

#include <span>
#include <string>

/// A schema for people and for programs.
namespace kith::cli {

using Tables = std::span<const inspect::Table* const>;

std::string schema_tree(const inspect::Schema& schema, Tables tables);
/// `{"tables": [{"name": …, "columns": […], "primary_key": […], "relations": […]}], "unreadable": […]}`
std::string schema_json(const inspect::Schema& schema, Tables tables);
/// A graph for Graphviz.
std::string schema_dot(Tables tables);
/// The same graph as a picture.
std::string schema_svg(Tables tables);

/// `foreign key`, `many-to-many`, …
std::string_view kind_name(const inspect::Relation& relation);

} // namespace kith::cli
