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

/// One end of a relation between two tables, as the table it stands at sees it. The keys of a many-to-many are of one
/// column, others of one or more.
struct Relation {
    enum class Kind : std::uint8_t { foreign_key, reverse, many_to_many };

    std::string name{};
    Kind kind{};
    std::string target{};                      ///< a table
    std::vector<std::string> columns{};        ///< of this table, whose values the rows of the target share
    std::vector<std::string> target_columns{}; ///< in step with them
    std::string link{};                        ///< many_to_many: the table between the two
    std::string link_column{};                 ///< and its columns: the one that refers to this table
    std::string link_target_column{};
    bool is_far{false};        ///< many_to_many: the end that the link table is not named after
    bool is_one_to_one{false}; ///< foreign_key and reverse: no two rows hold the same key
    std::string inverse{};     ///< the name of the other end, at the target

    /// Whether it leads to one row at most.
    bool is_to_one() const { return kind == Kind::foreign_key || (kind == Kind::reverse && is_one_to_one); }
    /// Whether it is the foreign key of that column alone.
    bool is_key_in(std::string_view column) const {
        return kind == Kind::foreign_key && columns.size() == 1 && columns.front() == column;
    }
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
/// `author`, and `book_set_by_author_id` where `book` has several foreign keys to `author`. A foreign key of several
/// columns is named after the table that it refers to, `seat`, and `seat_by_hall_id_place` where there are several such
/// to `seat`. A foreign key whose columns, or some of them, are the primary key or unique is a one-to-one: its other
/// end leads to one row at most, and has no `_set` in its name.
///
/// A table of two foreign keys of one column, none of them a one-to-one, with at most a key of its own besides, is a
/// many-to-many: where its name starts with that of one of the two tables and `_`, it is the rest of its name at that
/// table, else the name of the second table at the first; the other end is the first table's name with `_set`. A name
/// that is taken gets `_2`: the other ends of foreign keys are named first.
Schema name_relations(backend::Catalog catalog);

/// The schema of `db`, a few statements to its catalogue.
Schema read_schema(const Database& db);

} // namespace kith::inspect
