#pragma once

#include "backend/sqlite/handle.hpp"
#include "sql/statement.hpp"

#include <string_view>

/// SQLite changes what is stored by what the column was declared: digits in a TEXT column become text, text that looks
/// like a number becomes one in a NUMERIC column. https://www.sqlite.org/datatype3.html has the rules.
namespace kith::backend::sqlite {

enum class Affinity : unsigned char { none, text, numeric, integer, real };

/// What a column that was declared so makes of values; an empty text is no declaration.
Affinity affinity_of(std::string_view declared);

/// Whether SQLite takes `text` for a number, where a column asks for numbers.
bool looks_like_a_number(std::string_view text);

/// Throws ValueError for a value that SQLite would change on its way into the column that `statement` stores it in, so
/// that reading it would give another one, or an error. SQLite has the declarations in memory: no statement is run.
void require_kept(Handle& handle, const sql::Statement& statement);

} // namespace kith::backend::sqlite
