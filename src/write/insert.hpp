#pragma once

#include "connection/session.hpp"
#include "sql/change.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace kith::write {

using detail::FieldInfo;
using detail::ModelInfo;

/// A row to insert.
struct NewRow {
    void* row{nullptr};
    /// Whether 0, the empty text or the nil Uuid is its key, rather than a sign that it has none.
    bool knows_key{false};
};

/// Where a call that inserts many rows is.
struct InsertWatch {
    /// Called with the number of rows that are done and that of all; may be empty.
    std::function<void(std::size_t, std::size_t)> progress{};
    std::size_t all{0};
    std::size_t done{0};
    const void* refused{nullptr}; ///< the row whose values could not be sent, after an error
    bool at_database{false};      ///< after an error: a statement with rows has caused it

    /// `rows` more are done.
    void add(std::size_t rows) {
        done += rows;
        if (progress && rows > 0) progress(done, all);
    }
};

class Conflict;

/// Inserts `rows`, one statement per bounded batch, and stores the generated keys and the columns filled by the
/// database in them. All or nothing if the caller has a WriteTransaction open. Throws ValueError for a missing key that
/// the database does not generate and for a value that is too long, IntegrityError for a foreign key that must not be
/// null. If `ends` is given, nothing but the rows will be written in it: it ends with the last statement if possible,
/// and must still be committed. With a `conflict`, what it says is done with rows that exist; all of `rows` have a
/// value in its key.
void insert(connection::Session& session, const ModelInfo& model, std::span<const NewRow> rows,
            connection::WriteTransaction* ends = nullptr, InsertWatch* watch = nullptr, Conflict* conflict = nullptr);
void insert(connection::Session& session, const ModelInfo& model, const NewRow& row,
            connection::WriteTransaction* ends = nullptr);

/// The new rows behind `relation`, for insert_with_members(); none if they do not have all the same columns. Gives rows
/// without a key one if the database does not; the key of their owner need not be in them. Throws as insert() does.
std::optional<sql::NewMembers> members_of(const detail::RelationInfo& relation, std::span<const NewRow> rows,
                                          const sql::Dialect& dialect);
/// Inserts a row and its members in one statement: as insert() for a row.
void insert_with_members(connection::Session& session, const ModelInfo& model, const NewRow& row,
                         std::vector<sql::NewMembers> members);
/// Whether these fit into one statement.
bool are_few(std::span<const sql::NewMembers> members, const sql::Dialect& dialect);

/// Writes all columns but the key, or `only` these, and reads those that the database computes. False if no row has
/// that key. Throws StaleRow, and DoesNotExist instead of false, if the row is known to have had a version.
bool update(connection::Session& session, const ModelInfo& model, void* row,
            std::span<const FieldInfo* const> only = {});
/// Whether update() runs nothing after its UPDATE, whatever that finds.
bool updates_in_one_statement(const ModelInfo& model);
/// To be called when a statement that finds a row by its key and its version has found none. Throws StaleRow if there
/// is a row with that key.
void require_no_other_version(connection::Session& session, const ModelInfo& model, const void* row);
/// Throws DoesNotExist: the row is not in the database.
[[noreturn]] void throw_gone(const ModelInfo& model);
/// The primary key of `row`, with its version behind it if the model has one: see sql::update_row.
std::vector<detail::Value> found_by(const ModelInfo& model, const void* row);

/// The bytes after which a statement takes no more rows.
std::size_t most_bytes(const sql::Dialect& dialect);

/// Throws ValueError if the model is a view.
void require_writable(const ModelInfo& model);

/// Whether `row` has no key, so that it cannot mean a row of the database: inserting generates one, or refuses it. In a
/// key of several numbers, 0 may be meant.
bool lacks_key(const ModelInfo& model, const void* row);

} // namespace kith::write
