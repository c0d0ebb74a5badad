#pragma once

#include "backend/backend.hpp"

#include <cstddef>
#include <span>

struct sqlite3_stmt;

namespace kith::backend::sqlite {
struct Encodings;
}

/// Cells to values. An SQLite cell can hold any type whatever its column says, so each is checked.
namespace kith::backend::sqlite {

/// The current row of a statement, and what messages say about it.
struct CurrentRow {
    sqlite3_stmt* statement{nullptr};
    std::size_t number{0}; ///< counted from 1
    const Encodings* encodings{nullptr};
    bool own{false}; ///< the statement is the user's: what it computes of decimals SQLite computes in binary
};

/// Decodes the columns from `first` on into the members that `slots` describe of the constructed row at `at`, over
/// whatever they held. Throws DatabaseError for a cell that its member cannot hold.
void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys);

/// NULL as an empty Value. `field` names the column in messages; may be null.
Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field);

} // namespace kith::backend::sqlite
