#pragma once

#include "backend/backend.hpp"

#include <mysql.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// From cells in MariaDB's binary form to values. A column may have another type than the model declares, within
/// reason.
namespace kith::backend::mariadb {

/// A cell of the current row, in the client library's memory.
struct RawCell {
    const char* data{nullptr}; ///< null for NULL
    std::size_t size{0};
};

/// The properties of a column that reading each of its cells needs.
struct ColumnForm {
    enum class Kind : unsigned char { int64, text, other };

    Kind kind{Kind::other};
    std::uint8_t width{0}; ///< bytes of a cell; 0 if a length prefix precedes it

    explicit ColumnForm(const MYSQL_FIELD& field);
};

/// The current row of a statement, with its data for messages.
struct CurrentRow {
    const MYSQL_FIELD* fields{nullptr};
    const std::vector<ColumnForm>& forms;
    const std::vector<RawCell>& cells;
    std::size_t number{0}; ///< counted from 1
    std::string_view sql{};
};

/// Removes a cell of a column of that form from the front of `row` and returns it.
RawCell take_cell(ColumnForm form, unsigned char*& row);

/// Decodes the columns from `first` on into the members that `slots` describe of the constructed row at `at`, and
/// overwrites what they held. Throws DatabaseError for a cell that its member cannot hold.
void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys);

/// NULL as an empty Value. `field` names the column in messages; may be null.
Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field);

/// Throws DatabaseError if the column holds no integer.
std::int64_t decode_integer(const CurrentRow& row, int column);

} // namespace kith::backend::mariadb
