#pragma once

#include "connection/session.hpp"
#include "sql/change.hpp"

#include <kith/detail/core/model_info.hpp>

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

/// Inserts `rows`, one statement per bounded batch, and stores the generated keys and the columns filled by the
/// database in them. All or nothing if the caller has a WriteTransaction open. Throws ValueError for a missing key that
/// the database does not generate and for a value that is too long, IntegrityError for a foreign key that must not be
/// null. If `ends` is given, nothing but the rows will be written in it: it ends with the last statement if possible,
/// and must still be committed.
void insert(connection::Session& session, const ModelInfo& model, std::span<const NewRow> rows,
            connection::WriteTransaction* ends = nullptr);
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

/// Writes all columns but the key, and reads those that the database computes. False if no row has that key.
bool update(connection::Session& session, const ModelInfo& model, void* row);

/// Throws ValueError if the model is a view.
void require_writable(const ModelInfo& model);

/// Throws ValueError if a text is longer than its column allows.
void require_length(const FieldInfo& field, const detail::Value& value);

/// Throws ValueError if a value is larger than the database accepts.
void require_size(const FieldInfo& field, const detail::Value& value, const sql::Dialect& dialect);

/// Whether `row` has no key, so that it cannot mean a row of the database: inserting generates one, or refuses it. In a
/// key of several numbers, 0 may be meant.
bool lacks_key(const ModelInfo& model, const void* row);

} // namespace kith::write
