#pragma once

#include "backend/backend.hpp"
#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/type_names.hpp"
#include "backend/postgresql/types.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// From cells in PostgreSQL's binary form to values. A column may have another type than the model declares, within
/// reason.
namespace kith::backend::postgresql {

/// A result, with the types of its columns.
class Rows {
public:
    /// `names` knows the types whose numbers are not fixed; null for rows without such types.
    Rows(Result result, sql::StatementText sql, const TypeNames* names = nullptr);

    /// Continues with more rows of the same statement.
    void replace(Result result) noexcept;

    int size() const noexcept { return size_; }
    int columns() const noexcept { return static_cast<int>(types_.size()); }
    const PGresult* get() const noexcept { return result_.get(); }
    /// Types that are text under another name are returned as text.
    type::Number type(int column) const noexcept { return types_[static_cast<std::size_t>(column)]; }
    /// The name of a type that Kith does not read; empty for others.
    std::string_view unread_type(int column) const;
    const sql::StatementText& sql() const noexcept { return sql_; }

private:
    Result result_;
    sql::StatementText sql_;
    int size_;
    std::vector<type::Number> types_;
    std::map<int, std::string> unread_; // by column
};

/// A row of a result, and its number among all rows of the statement.
struct CurrentRow {
    const Rows& rows;
    int index{0};
    std::size_t number{0}; ///< counted from 1
};

/// Decodes the columns from `first` on into the members that `slots` describe of the constructed row at `at`, and
/// overwrites what they held. Throws DatabaseError for a cell that its member cannot hold.
void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys);

/// NULL as an empty Value. `field` names the column in messages; may be null.
Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field);

/// Throws DatabaseError if the column holds no integer.
std::int64_t decode_integer(const CurrentRow& row, int column);

} // namespace kith::backend::postgresql
