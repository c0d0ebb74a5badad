#pragma once

struct sqlite3;

namespace kith::backend::sqlite {

/// Adds `regexp(pattern, text)`, which the operator REGEXP calls, `kith_iregexp(pattern, text)` and the collation
/// `kith_decimal`, which orders decimal texts by value. Returns an SQLite result code.
int register_functions(sqlite3* db) noexcept;

} // namespace kith::backend::sqlite
