#pragma once

#include "backend/backend.hpp"
#include "backend/mariadb/decode.hpp"
#include "backend/mariadb/statement.hpp"

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace kith::backend::mariadb {

/// A statement that was executed. Its rows are read as they arrive, with only one of them in memory, or come from a
/// cursor on the server. In both cases the connection can be used by others between the calls: the rows that are still
/// arriving are read into memory first.
class Cursor final : public backend::Cursor, public backend::RowLoop, private UnreadRows {
public:
    /// `unread`: the server sends all rows at once.
    Cursor(Handle& handle, StatementCache::Loan loan, sql::StatementText sql, bool unread);
    ~Cursor() override { handle_->has_read(*this); }

    bool next() override;
    void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) override;
    /// Such a column has nothing else.
    void keep_integers(int) override {}
    void keep_at_most(std::size_t rows, std::size_t bytes) override { most_kept_ = {.rows = rows, .bytes = bytes}; }
    void stop(bool may_fail) noexcept override;
    std::vector<std::string> column_names() override;
    bool is_null(int column) override;
    std::int64_t integer(int column) override;
    Value value(int column, ColumnType type, const FieldInfo* field) override;
    std::size_t row_bytes() override;
    backend::RowLoop* row_loop() override { return this; }
    bool read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys, std::size_t most,
                   std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;
    bool has_failed() const override { return failed_; }

private:
    /// The cells of the current row, which the client library reports one by one.
    struct Row {
        std::vector<ColumnForm> forms{};
        std::vector<RawCell> cells{};
    };
    /// A row that was read into memory before it was requested.
    struct TakenRow {
        std::vector<char> bytes{};
        std::vector<RawCell> cells{};
    };

    static void take(void* row, unsigned column, unsigned char** data);
    void take_rest() noexcept override;
    void take_rows();
    TakenRow copy_of_row() const;
    bool step_over_taken();
    bool end(int code);
    CurrentRow current() const;
    void require_column(int column) const {
        if (!on_row_ || column < 0 || static_cast<std::size_t>(column) >= row_->cells.size()) refuse_column(column);
    }
    [[noreturn]] void refuse_column(int column) const;

    Handle* handle_;
    StatementCache::Loan loan_;
    sql::StatementText sql_;
    bool unread_;
    std::unique_ptr<Row> row_; // at a fixed address, which the library knows
    std::size_t number_{0};
    bool on_row_{false};
    bool ended_{false};
    bool failed_{false};
    bool is_taken_{false};
    MostKept most_kept_{};
    TakenRow taken_row_{};             // the current one
    std::deque<TakenRow> taken_{};     // the rows after it
    std::exception_ptr taken_until_{}; // the failure after them; null for the end of the data
};

} // namespace kith::backend::mariadb
