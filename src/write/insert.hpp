#pragma once

#include "database/session.hpp"

#include <kith/detail/model_info.hpp>

#include <span>
#include <vector>

namespace kith::write {

using detail::FieldInfo;
using detail::ModelInfo;

/// Inserts `rows`, one statement per bounded batch, and stores the keys that the database made and the columns that it
/// fills into them. All or nothing when the caller has a Writing open. Throws ValueError for a key that must be given
/// and is not or a text that is too long, IntegrityError for a foreign key that is null and must not be.
void insert(database::Session& session, const ModelInfo& model, std::span<void* const> rows);

/// Writes all columns but the key. False when no row has that key.
bool update(database::Session& session, const ModelInfo& model, const void* row);

/// Throws ValueError when the model is a view.
void require_writable(const ModelInfo& model);

/// Throws ValueError for a text that is longer than its column takes.
void require_length(const FieldInfo& field, const detail::Value& value);

/// Whether the database makes the key of `row`: a single integer that is not set.
bool lacks_key(const ModelInfo& model, const void* row);

} // namespace kith::write
