#pragma once

#include "backend/sqlite/handle.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <string_view>

/// SQLite converts values by the declared type of their column: digits in a TEXT column become text, text that looks
/// like a number becomes one in a NUMERIC column. See https://www.sqlite.org/datatype3.html for the rules.
namespace kith::backend::sqlite {

enum class Affinity : unsigned char { none, text, numeric, integer, real };

/// The conversion that a column with this declared type applies; an empty text means no declaration.
Affinity affinity_of(std::string_view declared);

/// Whether the column turns all numbers that it is given into integers if they are whole, and what it compares them
/// with too. SQLite has the declarations in memory: no statement is run.
bool holds_integers(Handle& handle, const sql::KeyColumn& column);

/// Whether SQLite treats `text` as a number in a numeric column.
bool looks_like_a_number(std::string_view text);

/// Throws ValueError for a value that SQLite would change when `statement` stores it, so that reading would return
/// another value, or an error. SQLite has the declarations in memory: no statement is run.
void require_kept(Handle& handle, const sql::Statement& statement);

} // namespace kith::backend::sqlite
