#pragma once

#include "backend/backend.hpp"

#include <cstddef>
#include <span>

struct sqlite3_stmt;

namespace kith::backend::sqlite {
struct Encodings;
}

/// From cells to values. An SQLite cell can hold any type whatever its column declares, so each is checked.
namespace kith::backend::sqlite {

/// The current row of a statement, with its data for messages.
struct CurrentRow {
    sqlite3_stmt* statement{nullptr};
    std::size_t number{0}; ///< counted from 1
    const Encodings* encodings{nullptr};
    bool own{false}; ///< a raw statement, in which SQLite computes decimals in binary
};

/// Decodes the columns from `first` on into the members that `slots` describe of the constructed row at `at`, and
/// overwrites what they held. Throws DatabaseError for a cell that its member cannot hold.
void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys);

/// NULL as an empty Value. `field` names the column in messages; may be null.
Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field);

} // namespace kith::backend::sqlite
