#pragma once

#include "backend/catalog.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kith {
class Database;
}

/// Databases whose models nobody wrote down: their tables, and the names by which relations between them are followed.
namespace kith::inspect {

using backend::CatalogColumn;

/// One end of a relation between two tables, as the table it stands at sees it. All keys are of one column.
struct Relation {
    enum class Kind : std::uint8_t { foreign_key, reverse, many_to_many };

    std::string name{};
    Kind kind{};
    std::string target{}; ///< a table
    std::string column{}; ///< of this table, whose values the rows of the target share
    std::string target_column{};
    std::string link{};        ///< many_to_many: the table between the two
    std::string link_column{}; ///< and its columns: the one that refers to this table
    std::string link_target_column{};
    bool is_far{false};    ///< many_to_many: the end that the link table is not named after
    std::string inverse{}; ///< the name of the other end, at the target
};

struct Table : backend::CatalogTable {
    std::vector<Relation> relations{};
    bool is_link{false};              ///< nothing but the pairs of a many-to-many
    std::vector<std::string> notes{}; ///< what could not become a relation, a sentence each

    const Relation* find_relation(std::string_view relation) const;
};

struct Schema {
    std::vector<Table> tables{};           ///< by name
    std::vector<std::string> unreadable{}; ///< tables and views that could not be looked at, a sentence each

    const Table* find(std::string_view name) const;
    /// As find(). Throws FieldError that names the nearest table there is.
    const Table& table(std::string_view name) const;
};

/// Names the relations between the tables of a catalogue:
///
/// A foreign-key column `x_id`, or `x`, is the relation `x`. The other end of `book.author_id` is `book_set` at
/// `author`, and `book_set_by_author_id` where `book` has several foreign keys to `author`. A table of two foreign
/// keys, with at most a key of its own besides, is a many-to-many: where its name starts with that of one of the two
/// tables and `_`, it is the rest of its name at that table, else the name of the second table at the first; the other
/// end is the first table's name with `_set`. A name that is taken gets `_2`: the other ends of
/// foreign keys are named first.
Schema name_relations(backend::Catalog catalog);

/// The schema of `db`, a few statements to its catalogue.
Schema read_schema(const Database& db);

} // namespace kith::inspect
