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

/// Cells in PostgreSQL's binary form to values. A column can have another type than the model says, within reason.
namespace kith::backend::postgresql {

/// A result and what its columns are.
class Rows {
public:
    /// `names` tells of types that Kith has no numbers of; null for rows that have none.
    Rows(Result result, std::string sql, const TypeNames* names = nullptr);

    int size() const noexcept { return size_; }
    int columns() const noexcept { return static_cast<int>(types_.size()); }
    const PGresult* get() const noexcept { return result_.get(); }
    /// Those that are texts by another name are told as such.
    type::Number type(int column) const noexcept { return types_[static_cast<std::size_t>(column)]; }
    /// The name of a type that Kith does not read; empty for others.
    std::string_view unread_type(int column) const;
    const std::string& sql() const noexcept { return sql_; }

private:
    Result result_;
    std::string sql_;
    int size_;
    std::vector<type::Number> types_;
    std::map<int, std::string> unread_; // by column
};

/// A row of a result, and its place among all rows of the statement.
struct CurrentRow {
    const Rows& rows;
    int index{0};
    std::size_t number{0}; ///< counted from 1
};

/// Decodes the columns from `first` on into the members that `slots` describe of the constructed row at `at`, over
/// whatever they held. Throws DatabaseError for a cell that its member cannot hold.
void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys);

/// NULL as an empty Value. `field` names the column in messages; may be null.
Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field);

/// Throws DatabaseError where the column holds no whole number.
std::int64_t decode_integer(const CurrentRow& row, int column);

} // namespace kith::backend::postgresql
