#pragma once

#include <kith/detail/model_info.hpp>
#include <kith/detail/value.hpp>

/// Single columns of rows as values: for keys, writes and messages. Decoding whole rows is the backend's own loop.
namespace kith::rows {

/// The column `field` of `row`; for a foreign key its key. Empty when NULL.
detail::Value read_value(const void* row, const detail::FieldInfo& field);

/// Stores `value` into a plain column of `row`. Throws ValueError when the value does not fit the member.
void write_value(void* row, const detail::FieldInfo& field, const detail::Value& value);

/// Whether a key is as a fresh row has it: zero, empty or nil. Such a row was never saved.
bool is_unset_key(const detail::Value& key);

/// The primary key of `row`, one value per column.
std::vector<detail::Value> primary_key(const void* row, const detail::ModelInfo& model);

/// As primary_key(), for a single-column key that must be set. Throws ValueError naming `action` when it is not:
/// "City is not saved: save it before <action>".
detail::Value saved_key(const void* row, const detail::FieldInfo& key, const char* action);

}  // namespace kith::rows
