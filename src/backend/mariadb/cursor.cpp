#include "backend/mariadb/cursor.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::backend::mariadb {

Cursor::Cursor(Handle& handle, StatementCache::Loan loan, std::string sql)
    : handle_(&handle),
      loan_(std::move(loan)),
      sql_(std::move(sql)),
      row_(std::make_unique<Row>(Row{loan_.get(), std::vector<RawCell>(mysql_stmt_field_count(loan_.get()))})) {
    // Without a buffer for each column, the library shows where in its own memory the cells lie.
    mysql_stmt_attr_set(loan_.get(), STMT_ATTR_CB_USER_DATA, row_.get());
    mysql_stmt_attr_set(loan_.get(), STMT_ATTR_CB_RESULT, reinterpret_cast<const void*>(&Cursor::take));
}

void Cursor::take(void* row, unsigned column, unsigned char** data) {
    auto& self = *static_cast<Row*>(row);
    self.cells[column] = data != nullptr ? take_cell(self.statement->fields[column], *data) : RawCell{};
}

bool Cursor::next() {
    if (ended_ || row_->cells.empty()) return false;
    on_row_ = false;
    const int code = mysql_stmt_fetch(loan_.get());
    if (code == 0) {
        ++number_;
        return on_row_ = true;
    }
    ended_ = true;
    if (code == MYSQL_NO_DATA) return false;
    handle_->fail(loan_.get(), sql_);
}

CurrentRow Cursor::current() const {
    return {.fields = row_->statement->fields, .cells = row_->cells, .number = number_, .sql = sql_};
}

void Cursor::read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) {
    if (slots.empty()) return;
    require_column(first);
    require_column(first + static_cast<int>(slots.size()) - 1);
    decode_members(current(), first, slots, row, keys);
}

std::vector<std::string> Cursor::column_names() {
    std::vector<std::string> names;
    const auto* statement = row_->statement;
    for (unsigned i = 0; i < statement->field_count; ++i) names.emplace_back(statement->fields[i].name);
    return names;
}

bool Cursor::is_null(int column) {
    require_column(column);
    return row_->cells[static_cast<std::size_t>(column)].data == nullptr;
}

std::int64_t Cursor::integer(int column) {
    require_column(column);
    return decode_integer(current(), column);
}

Value Cursor::value(int column, ColumnType type, const FieldInfo* field) {
    require_column(column);
    return decode_value(current(), column, type, field);
}

std::size_t Cursor::row_bytes() {
    std::size_t bytes = 0;
    for (const auto& cell : row_->cells) bytes += cell.data != nullptr ? cell.size : 0;
    return bytes;
}

void Cursor::require_column(int column) const {
    const auto columns = on_row_ ? row_->cells.size() : 0;
    if (column >= 0 && static_cast<std::size_t>(column) < columns) return;
    throw DatabaseError(fmt::format("Column {} was asked for, of {} in the current row", column + 1, columns),
                        {.sql = sql_});
}

} // namespace kith::backend::mariadb
