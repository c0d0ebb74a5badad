#pragma once

#include "backend/sqlite/handle.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/model_info.hpp>

#include <string>
#include <string_view>
#include <unordered_map>

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

/// What a column was declared as.
struct Declaration {
    std::string declared{};
    Affinity affinity{Affinity::none};
};

/// The declarations of columns, read when a statement first stores a value in one.
class DeclaredColumns {
public:
    explicit DeclaredColumns(Handle& handle) : handle_(handle) {}

    /// Throws ValueError for a value that SQLite would change when `statement` stores it, so that reading would return
    /// another value, or an error. SQLite has the declarations in memory: no statement is run. Before that, reads them
    /// again, since a table may have been altered.
    void require_kept(const sql::Statement& statement);
    /// To be called when tables may have been altered.
    void forget() noexcept { columns_.clear(); }

private:
    void check(const sql::Statement& statement);
    const Declaration& column_of(const detail::FieldInfo& field);

    Handle& handle_;
    std::unordered_map<const detail::FieldInfo*, Declaration> columns_{};
    Declaration other_{}; // of a column that is not kept
};

} // namespace kith::backend::sqlite
