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

/// Databases without declared models: their tables, and the names of the relations between them.
namespace kith::inspect {

using backend::CatalogColumn;

/// One end of a relation between two tables, as seen from its own table. The keys of a many-to-many have one column,
/// others one or more.
struct Relation {
    enum class Kind : std::uint8_t { foreign_key, reverse, many_to_many };

    std::string name{};
    Kind kind{};
    std::string target{};                      ///< a table
    std::vector<std::string> columns{};        ///< of this table; the rows of the target hold the same values
    std::vector<std::string> target_columns{}; ///< parallel to `columns`
    std::string link{};                        ///< many_to_many: the table between them
    std::string link_column{};                 ///< its column that refers to this table
    std::string link_target_column{};
    bool is_far{false};        ///< many_to_many: the end that the link table is not named after
    bool is_one_to_one{false}; ///< foreign_key and reverse: no two rows hold the same key
    std::string inverse{};     ///< the name of the other end, in the target

    /// Whether it leads to at most one row.
    bool is_to_one() const { return kind == Kind::foreign_key || (kind == Kind::reverse && is_one_to_one); }
    /// Whether it is a foreign key that consists of this column alone.
    bool is_key_in(std::string_view column) const {
        return kind == Kind::foreign_key && columns.size() == 1 && columns.front() == column;
    }
};

struct Table : backend::CatalogTable {
    std::vector<Relation> relations{};
    bool is_link{false};              ///< nothing but the pairs of a many-to-many
    std::vector<std::string> notes{}; ///< foreign keys that are not relations, one sentence each

    const Relation* find_relation(std::string_view relation) const;
};

struct Schema {
    std::vector<Table> tables{};           ///< by name
    std::vector<std::string> unreadable{}; ///< tables and views that could not be read, one sentence each

    const Table* find(std::string_view name) const;
    /// As find(), but throws FieldError naming the nearest existing table, and OperationalError for one that could not
    /// be read.
    const Table& table(std::string_view name) const;
};

/// Names the relations between the tables of a catalogue:
///
/// A foreign-key column `x_id`, or `x`, is the relation `x`. The other end of `book.author_id` is `book_set` at
/// `author`, or `book_set_by_author_id` if `book` has several foreign keys to `author`. A foreign key of several
/// columns is named after the table that it refers to, `seat`, or `seat_by_hall_id_place` if there are several such
/// keys to `seat`. A foreign key whose columns are, or contain, the primary key or a unique key is a one-to-one: its
/// other end leads to at most one row, and has no `_set` in its name.
///
/// A table of two foreign keys of one column each, none of them a one-to-one, with at most a key of its own besides, is
/// a many-to-many. If its name starts with the name of one of the two tables and `_`, the relation is the rest of its
/// name at that table; otherwise it is the name of the second table at the first. The other end is the first table's
/// name with `_set`. A name that is taken gets `_2`; the other ends of foreign keys are named first.
Schema name_relations(backend::Catalog catalog);

/// The schema of `db`, read from its catalogue in a few statements.
Schema read_schema(const Database& db);

} // namespace kith::inspect
