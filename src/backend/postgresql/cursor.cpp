#include "backend/postgresql/cursor.hpp"

#include "backend/postgresql/connection.hpp"
#include "backend/read_loops.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::backend::postgresql {

bool Cursor::next() { return step(); }

bool Cursor::refill_or_end() {
    failed_ = true; // unless refill() returns
    const bool more = refill();
    failed_ = false;
    if (!more) index_ = rows_.size();
    return more;
}

void Cursor::replace(Result result, const TypeNames& names) {
    before_ += static_cast<std::size_t>(rows_.size());
    rows_ = Rows(std::move(result), rows_.sql(), &names);
    index_ = -1;
}

void Cursor::read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) {
    if (slots.empty()) return;
    require_column(first);
    require_column(first + static_cast<int>(slots.size()) - 1);
    decode_members(current(), first, slots, row, keys);
}

bool Cursor::read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys, std::size_t most,
                       std::size_t& count) {
    return read_each_row(
        sink, most, count, [&] { return step(); }, [&](void* row) { Cursor::read(slots, first, row, keys); });
}

bool Cursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    const auto read_cells = [&](std::int64_t* cells_of_row) {
        require_column(columns - 1);
        const auto row = current();
        for (int column = 0; column < columns; ++column) cells_of_row[column] = decode_integer(row, column);
    };
    return read_each_integer(columns, cells, count, [&] { return step(); }, read_cells);
}

std::vector<std::string> Cursor::column_names() {
    if (rows_.get() == nullptr) {
        refill(); // a stream that has not been read yet
        index_ = -1;
    }
    std::vector<std::string> names;
    for (int i = 0; i < rows_.columns(); ++i) names.emplace_back(PQfname(rows_.get(), i));
    return names;
}

bool Cursor::is_null(int column) {
    require_column(column);
    return PQgetisnull(rows_.get(), index_, column) != 0;
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
    for (int column = 0; column < rows_.columns(); ++column) {
        bytes += static_cast<std::size_t>(PQgetlength(rows_.get(), index_, column)); // 0 for NULL
    }
    return bytes;
}

void Cursor::refuse_column(int column) const {
    const bool on_row = index_ >= 0 && index_ < rows_.size();
    throw DatabaseError(
        fmt::format("Column {} was requested, but the current row has {}", column + 1, on_row ? rows_.columns() : 0),
        {.sql = rows_.sql()});
}

void Cursor::continue_with(Result result) {
    before_ += static_cast<std::size_t>(rows_.size());
    rows_.replace(std::move(result));
    index_ = -1;
}

bool PipelineCursor::refill_by_row() {
    auto row = connection_->take_row(*step_);
    if (row == nullptr) return false;
    if (has_rows()) {
        continue_with(std::move(row));
    } else {
        replace(std::move(row), connection_->type_names());
    }
    return true;
}

bool PipelineCursor::refill() {
    if (step_ != nullptr && step_->by_row && refill_by_row()) return true;
    const auto step = std::exchange(step_, nullptr);
    if (step == nullptr) return false;
    auto result = connection_->take(*step);
    if (has_rows()) return false; // they have arrived one by one, and this is their end
    const bool any = PQntuples(result.get()) > 0;
    replace(std::move(result), connection_->type_names());
    return any;
}

void PipelineCursor::stop(bool may_fail) noexcept {
    if (const auto step = std::exchange(step_, nullptr)) connection_->stop(*step, may_fail);
}

StreamCursor::StreamCursor(Connection& connection, std::string name, sql::StatementText sql, int batch)
    : Cursor(Rows(nullptr, sql)),
      connection_(&connection),
      name_(std::move(name)),
      sql_(std::move(sql)),
      batch_(batch) {}

bool StreamCursor::refill() {
    if (ended_) return false;
    ended_ = true; // until the batch has arrived: no rows may follow a failure
    auto result = connection_->fetch(name_, batch_, sql_);
    const int size = PQntuples(result.get());
    replace(std::move(result), connection_->type_names());
    ended_ = size < batch_;
    return size > 0;
}

StreamCursor::~StreamCursor() { connection_->close(name_); }

} // namespace kith::backend::postgresql
