#pragma once

#include "connection/session.hpp"

#include <kith/detail/core/model_info.hpp>

#include <span>
#include <vector>

namespace kith::write {

using detail::FieldInfo;
using detail::ModelInfo;

/// A row to insert.
struct NewRow {
    void* row{nullptr};
    /// Whether 0, the empty text or the nil Uuid are its key, rather than what is in a row that was not given one.
    bool knows_key{false};
};

/// Inserts `rows`, one statement per bounded batch, and stores the keys that the database made and the columns that it
/// fills into them. All or nothing when the caller has a WriteTransaction open. Throws ValueError for a key that must
/// be given and is not or a text that is too long, IntegrityError for a foreign key that is null and must not be.
void insert(connection::Session& session, const ModelInfo& model, std::span<const NewRow> rows);
void insert(connection::Session& session, const ModelInfo& model, const NewRow& row);

/// Writes all columns but the key. False when no row has that key.
bool update(connection::Session& session, const ModelInfo& model, const void* row);

/// Throws ValueError when the model is a view.
void require_writable(const ModelInfo& model);

/// Throws ValueError for a text that is longer than its column takes.
void require_length(const FieldInfo& field, const detail::Value& value);

/// Whether `row` was given no key, so that no row of the database is meant: the database makes one, or the insertion
/// does, or refuses it. Of several numbers 0 may be meant.
bool lacks_key(const ModelInfo& model, const void* row);

} // namespace kith::write
