#pragma once

#include "backend/backend.hpp"
#include "backend/sqlite/decode.hpp"
#include "backend/sqlite/handle.hpp"
#include "backend/sqlite/statement_cache.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kith::backend::sqlite {

/// A running statement of a connection, which must outlive it.
class Cursor final : public backend::Cursor, public backend::RowLoop {
public:
    /// `keys` are the key sets bound to the statement, kept until it ends. `own`: see CurrentRow.
    Cursor(Handle& handle, StatementCache::Loan loan, std::vector<std::shared_ptr<const sql::KeySet>> keys, bool own);

    bool next() override;
    void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) override;
    void keep_integers(int column) override { integers_ = column; }
    std::vector<std::string> column_names() override;
    bool is_null(int column) override;
    std::int64_t integer(int column) override;
    Value value(int column, ColumnType type, const FieldInfo* field) override;
    std::size_t row_bytes() override;
    backend::RowLoop* row_loop() override { return this; }
    bool read_rows(std::span<const ColumnSlot> slots, int first, RowSink& sink, KeyStore& keys, std::size_t most,
                   std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;
    bool has_failed() const override { return stage_ == Stage::failed; }

private:
    enum class Stage : std::uint8_t { before, on_row, at_end, failed }; // the last two are final

    /// The next row of the statement, also one that is passed over.
    bool step();
    // Rare operations are separate, so that next() and integer() stay small: they run for each row.
    bool refuse_or_end() const;
    bool is_passed_over() const;
    bool end(int code);
    std::int64_t checked_integer(int column) const;
    [[noreturn]] void refuse_number(int column) const;
    std::string_view sql() const;
    /// SQLite returns NULL for a column that does not exist.
    void require_column(int column) const {
        if (column < 0 || column >= columns_) refuse_column(column);
    }
    [[noreturn]] void refuse_column(int column) const;

    Handle* handle_;
    std::vector<std::shared_ptr<const sql::KeySet>> keys_;
    StatementCache::Loan loan_; // returned before the keys are destroyed
    CurrentRow row_;
    int columns_{0};
    int integers_{-1}; // the column that keep_integers() named
    Stage stage_{Stage::before};
};

} // namespace kith::backend::sqlite
