#pragma once

struct sqlite3;

namespace kith::backend::sqlite {

/// Registers the functions with which expressions compute. SQLite's own operators would turn integers that are too
/// large, and all decimals, into binary numbers, and its length() ends at a NUL character. `kith_within` fails for what
/// a column cannot hold.
int register_arithmetic(sqlite3* db) noexcept;

} // namespace kith::backend::sqlite
