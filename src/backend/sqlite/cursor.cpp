#include "backend/sqlite/cursor.hpp"

#include "backend/read_loops.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <new>
#include <utility>

namespace kith::backend::sqlite {

Cursor::Cursor(Handle& handle, StatementCache::Loan loan, std::vector<std::shared_ptr<const sql::KeySet>> keys,
               bool own)
    : handle_(&handle),
      keys_(std::move(keys)),
      loan_(std::move(loan)),
      row_{.statement = loan_.get(), .encodings = &handle.encodings(), .own = own} {}

bool Cursor::next() {
    do {
        if (!step()) return false;
    } while (integers_ >= 0 && is_passed_over());
    return true;
}

bool Cursor::step() {
    // SQLite would start a finished statement again.
    if (stage_ > Stage::on_row) return refuse_or_end();
    const int code = sqlite3_step(loan_.get());
    if (code != SQLITE_ROW) return end(code);
    // Only valid after a row: the first step may prepare the statement again, for an altered table.
    if (++row_.number == 1) columns_ = sqlite3_data_count(loan_.get());
    stage_ = Stage::on_row;
    return true;
}

bool Cursor::is_passed_over() const { return sqlite3_column_type(loan_.get(), integers_) != SQLITE_INTEGER; }

bool Cursor::refuse_or_end() const {
    if (stage_ == Stage::at_end) return false;
    throw DatabaseError("A statement was read after it had failed", {.sql = std::string(sql())});
}

bool Cursor::end(int code) {
    stage_ = code == SQLITE_DONE ? Stage::at_end : Stage::failed;
    columns_ = 0;
    if (code != SQLITE_DONE) handle_->fail(code, sql());
    // Ends the read transaction now, not when the cursor is destroyed.
    sqlite3_reset(loan_.get());
    return false;
}

void Cursor::read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) {
    if (slots.empty()) return;
    require_column(first);
    require_column(first + static_cast<int>(slots.size()) - 1);
    decode_members(row_, first, slots, row, keys);
}

bool Cursor::read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys, std::size_t most,
                       std::size_t& count) {
    return read_each_row(sink, most, count, [&] { return next(); }, [&](void* row) { read(slots, first, row, keys); });
}

bool Cursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    auto* const statement = loan_.get();
    auto* cell = cells.data();
    auto* const end = cell + cells.size() / static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns);
    count = 0;
    while (cell != end) {
        if (!step()) return false;
        if (count == 0) require_column(columns - 1);
        int column = 0;
        for (; column < columns; ++column) {
            auto* const value = sqlite3_column_value(statement, column); // looked up once, for its type and its number
            if (sqlite3_value_type(value) != SQLITE_INTEGER) break;
            cell[column] = sqlite3_value_int64(value);
        }
        if (column < columns) {
            if (integers_ < 0 || !is_passed_over()) refuse_number(column);
            continue;
        }
        cell += columns;
        ++count;
    }
    return true;
}

std::vector<std::string> Cursor::column_names() {
    std::vector<std::string> names;
    const int count = sqlite3_column_count(loan_.get());
    for (int i = 0; i < count; ++i) {
        const char* name = sqlite3_column_name(loan_.get(), i);
        if (name == nullptr) throw std::bad_alloc();
        names.emplace_back(name);
    }
    return names;
}

bool Cursor::is_null(int column) {
    require_column(column);
    return sqlite3_column_type(loan_.get(), column) == SQLITE_NULL;
}

std::int64_t Cursor::integer(int column) {
    require_column(column);
    return checked_integer(column);
}

std::int64_t Cursor::checked_integer(int column) const {
    auto* cell = sqlite3_column_value(loan_.get(), column); // looked up once, for its type and its number
    if (sqlite3_value_type(cell) != SQLITE_INTEGER) refuse_number(column);
    return sqlite3_value_int64(cell);
}

void Cursor::refuse_number(int column) const {
    throw DatabaseError(fmt::format("Column {} of the result holds no whole number", column + 1),
                        {.sql = std::string(sql())});
}

Value Cursor::value(int column, ColumnType type, const FieldInfo* field) {
    require_column(column);
    return decode_value(row_, column, type, field);
}

std::size_t Cursor::row_bytes() {
    std::size_t bytes = 0;
    for (int column = 0; column < columns_; ++column) {
        auto* cell = sqlite3_column_value(loan_.get(), column);
        switch (sqlite3_value_type(cell)) {
        case SQLITE_NULL: break;
        case SQLITE_TEXT:
        case SQLITE_BLOB: bytes += static_cast<std::size_t>(sqlite3_value_bytes(cell)); break;
        default: bytes += sizeof(std::int64_t); break; // asking a number for its bytes would convert it to text
        }
    }
    return bytes;
}

std::string_view Cursor::sql() const { return sqlite3_sql(loan_.get()); }

void Cursor::refuse_column(int column) const {
    throw DatabaseError(fmt::format("Column {} was requested, but the current row has {}", column + 1, columns_),
                        {.sql = std::string(sql())});
}

} // namespace kith::backend::sqlite
