#include "backend/mariadb/cursor.hpp"

#include "backend/read_loops.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::backend::mariadb {

Cursor::Cursor(Handle& handle, StatementCache::Loan loan, sql::StatementText sql, bool unread)
    : handle_(&handle), loan_(std::move(loan)), sql_(std::move(sql)), unread_(unread), row_(std::make_unique<Row>()) {
    const auto columns = mysql_stmt_field_count(loan_.get());
    row_->cells.resize(columns);
    row_->forms.reserve(columns);
    for (unsigned i = 0; i < columns; ++i) row_->forms.emplace_back(loan_.get()->fields[i]);
    if (unread_ && columns > 0) handle_->reads(*this);
    // Without a buffer for each column, the library reports the location of the cells in its own memory.
    mysql_stmt_attr_set(loan_.get(), STMT_ATTR_CB_USER_DATA, row_.get());
    mysql_stmt_attr_set(loan_.get(), STMT_ATTR_CB_RESULT, reinterpret_cast<const void*>(&Cursor::take));
}

void Cursor::take(void* row, unsigned column, unsigned char** data) {
    auto& self = *static_cast<Row*>(row);
    self.cells[column] = data != nullptr ? take_cell(self.forms[column], *data) : RawCell{};
}

bool Cursor::next() {
    if (ended_ || row_->cells.empty()) return false;
    on_row_ = false;
    if (is_taken_) return step_over_taken();
    if (!unread_) handle_->settle(); // the next batch must be fetched
    const int code = handle_->fetch(loan_.get(), unread_);
    if (code != 0) return end(code);
    ++number_;
    return on_row_ = true;
}

bool Cursor::end(int code) {
    ended_ = true;
    handle_->has_read(*this);
    if (code == MYSQL_NO_DATA) return false;
    failed_ = true;
    loan_.discard(); // the library would wait for rows that never arrive
    handle_->fail(loan_.get(), sql_);
}

bool Cursor::step_over_taken() {
    if (taken_.empty()) {
        ended_ = true;
        failed_ = taken_until_ != nullptr;
        if (failed_) std::rethrow_exception(taken_until_);
        return false;
    }
    taken_row_ = std::move(taken_.front());
    taken_.pop_front();
    row_->cells = taken_row_.cells;
    ++number_;
    return on_row_ = true;
}

void Cursor::take_rest() noexcept {
    is_taken_ = true;
    try {
        take_rows();
    } catch (...) {
        taken_until_ = std::current_exception();
        if (failed_) return; // at the server: the rows that arrived before are read first
        on_row_ = false;     // its cells may be gone
        taken_.clear();
        // Without memory for them, the rows must still be read: the connection accepts nothing before.
        int code = 0;
        while (!failed_ && (code = handle_->fetch(loan_.get(), /*unread=*/true)) == 0) {}
        if (!failed_ && code != MYSQL_NO_DATA) loan_.discard();
    }
}

void Cursor::take_rows() {
    if (on_row_) {
        taken_row_ = copy_of_row();
        row_->cells = taken_row_.cells;
    }
    auto current = row_->cells;
    int code = 0;
    std::size_t bytes = 0;
    while ((code = handle_->fetch(loan_.get(), /*unread=*/true)) == 0) {
        if (most_kept_.is_beyond(number_ + taken_.size(), bytes)) continue;
        taken_.push_back(copy_of_row());
        bytes += row_bytes();
    }
    row_->cells = std::move(current);
    if (code == MYSQL_NO_DATA) return;
    failed_ = true;
    loan_.discard();
    handle_->fail(loan_.get(), sql_);
}

/// Cancelling a SELECT leaves the transaction as it is, unless it costs the connection.
void Cursor::stop(bool may_fail) noexcept {
    if (!unread_ || ended_ || is_taken_ || !may_fail || handle_->at_stake()) return;
    handle_->has_read(*this);
    on_row_ = false;
    ended_ = true;
    handle_->drop_rest(loan_.get());
}

Cursor::TakenRow Cursor::copy_of_row() const {
    std::size_t size = 0;
    for (const auto& cell : row_->cells) size += cell.size;
    TakenRow taken;
    taken.bytes.reserve(size + 1); // so that nothing moves, and an empty text has an address
    for (const auto& cell : row_->cells) {
        auto& copy = taken.cells.emplace_back(RawCell{.data = nullptr, .size = cell.size});
        if (cell.data == nullptr) continue;
        copy.data = taken.bytes.data() + taken.bytes.size();
        taken.bytes.insert(taken.bytes.end(), cell.data, cell.data + cell.size);
    }
    return taken;
}

CurrentRow Cursor::current() const {
    return {.fields = loan_.get()->fields, .forms = row_->forms, .cells = row_->cells, .number = number_, .sql = sql_};
}

bool Cursor::read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys, std::size_t most,
                       std::size_t& count) {
    return read_each_row(sink, most, count, [&] { return next(); }, [&](void* row) { read(slots, first, row, keys); });
}

bool Cursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    const auto read_cells = [&](std::int64_t* cells_of_row) {
        require_column(columns - 1);
        const auto row = current();
        for (int column = 0; column < columns; ++column) cells_of_row[column] = decode_integer(row, column);
    };
    return read_each_integer(columns, cells, count, [&] { return next(); }, read_cells);
}

void Cursor::read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) {
    if (slots.empty()) return;
    require_column(first);
    require_column(first + static_cast<int>(slots.size()) - 1);
    decode_members(current(), first, slots, row, keys);
}

std::vector<std::string> Cursor::column_names() {
    std::vector<std::string> names;
    const auto* statement = loan_.get();
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

void Cursor::refuse_column(int column) const {
    const auto columns = on_row_ ? row_->cells.size() : 0;
    throw DatabaseError(fmt::format("Column {} was requested, but the current row has {}", column + 1, columns),
                        {.sql = sql_});
}

} // namespace kith::backend::mariadb
