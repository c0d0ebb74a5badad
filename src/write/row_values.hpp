#pragma once

#include "sql/dialect.hpp"

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

/// The values of rows as INSERT and UPDATE write them.
namespace kith::write {

using detail::FieldInfo;
using detail::ModelInfo;
using Fields = std::span<const FieldInfo* const>;

inline bool contains(Fields fields, const FieldInfo* field) { return std::ranges::find(fields, field) != fields.end(); }

/// Whether `field` belongs to the primary key.
bool is_key(const FieldInfo& field);

/// Whether a column with a default in the database is omitted, because its member has no value.
bool takes_server_default(const void* row, const FieldInfo& field);
/// Throws ValueError for a column that takes_server_default(): an UPDATE cannot leave it out for one of many rows.
void require_value_for_update(const void* row, const FieldInfo& field);

/// The value to write for a column, checked for what the database might not check. Throws ValueError, and
/// IntegrityError for a foreign key that must not be null.
detail::Value checked_value(const void* row, const FieldInfo& field, const sql::Dialect& dialect);

/// The size of a value in bytes, roughly, on the way to the database.
std::size_t bytes_of(const detail::Value& value);

/// Throws ValueError if a text is longer than its column allows.
void require_length(const FieldInfo& field, const detail::Value& value);

/// Throws ValueError if a value is larger than the database accepts.
void require_size(const FieldInfo& field, const detail::Value& value, const sql::Dialect& dialect);

} // namespace kith::write
