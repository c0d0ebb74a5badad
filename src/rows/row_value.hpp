#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/value_access.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Single columns of rows as values: for keys, writes and messages. Decoding whole rows is the backend's own loop.
namespace kith::rows {

/// The column `field` of `row`; for a foreign key its key. Empty if NULL.
detail::Value read_value(const void* row, const detail::FieldInfo& field);

/// The same for several columns.
std::vector<detail::Value> read_values(const void* row, std::span<const detail::FieldInfo* const> fields);

/// Whether plain_integer() can read `field`: it is an integer that the row stores in 64 bits.
inline bool is_plain_integer(const detail::FieldInfo& field) noexcept {
    if (field.access != nullptr || !detail::is_integer(field.type)) return false;
    return detail::is_relation(field.kind) || field.type == detail::ColumnType::int64;
}
/// The column `field` of `row`, which must not be NULL; for a foreign key its key.
inline std::int64_t plain_integer(const void* row, const detail::FieldInfo& field) noexcept {
    const auto* member = static_cast<const std::byte*>(row) + field.offset;
    if (detail::is_relation(field.kind)) {
        return static_cast<std::int64_t>(reinterpret_cast<const detail::RelationState*>(member)->key);
    }
    return *reinterpret_cast<const std::int64_t*>(member);
}

/// Stores `value` in a plain column of `row`. Throws ValueError if the value does not fit the member.
void write_value(void* row, const detail::FieldInfo& field, const detail::Value& value);

/// The primary key of `row`, one value per column.
std::vector<detail::Value> primary_key(const void* row, const detail::ModelInfo& model);

/// Throws ValueError naming `action` if `row` is not saved: "City is not saved: save it before <action>".
void require_saved(const void* row, const detail::ModelInfo& model, const char* action);

/// The key `key` of `row`, which must be saved (rows::has_key) or have a value for this key. Throws ValueError as
/// require_saved() does, and if the key is NULL.
detail::Value saved_key(const void* row, const detail::FieldInfo& key, const char* action);

/// The same for a key of one or several columns; one column that is set suffices.
std::vector<detail::Value> saved_keys(const void* row, std::span<const detail::FieldInfo* const> keys,
                                      const char* action);

} // namespace kith::rows
