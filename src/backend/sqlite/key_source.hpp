#pragma once

#include <cstddef>

struct sqlite3;

/// The table-valued function `kith_keys(?)`: a bound sql::KeySet as a table with the columns `ordinal`, `key0`, …
/// `key7`. Rows are in the order of their ordinals, which start at 1. The keys are never converted to text, and their
/// number is not limited.
namespace kith::backend::sqlite {

inline constexpr const char* key_source_name = "kith_keys";
inline constexpr std::size_t key_source_columns = 8;
/// The type under which a `const sql::KeySet*` is bound with sqlite3_bind_pointer.
inline constexpr const char* key_source_pointer = "kith::sql::KeySet";

struct Encodings;

/// `encodings` must live as long as `db`. Returns an SQLite result code.
int register_key_source(sqlite3* db, const Encodings& encodings) noexcept;

} // namespace kith::backend::sqlite
