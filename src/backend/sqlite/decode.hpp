#pragma once

#include <cstddef>

#include "backend/backend.hpp"

struct sqlite3_stmt;

/// Cells to values. An SQLite cell can hold any type whatever its column says, so each is checked.
namespace kith::backend::sqlite {

/// One cell of the current row, and what messages say about it.
struct Cell {
    sqlite3_stmt* statement{nullptr};
    int column{0};
    ColumnType type{};
    const FieldInfo* field{nullptr};  ///< may be null
    std::size_t row{0};               ///< counted from 1, for messages
    int kind{0};                      ///< SQLite's type of the cell; filled in by decoding
};

/// Decodes into the member that `slot` describes of the constructed row at `row`, over whatever it held. Throws
/// DatabaseError for a cell that the member cannot hold.
void decode_member(Cell& cell, const ColumnSlot& slot, void* row, KeyStore& keys);

/// NULL as an empty Value.
Value decode_value(Cell cell);

}  // namespace kith::backend::sqlite
