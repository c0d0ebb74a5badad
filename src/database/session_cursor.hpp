#pragma once

#include "backend/backend.hpp"
#include "database/lease.hpp"
#include "database/report.hpp"

#include <memory>
#include <utility>

namespace kith::database {

/// A cursor as a Session hands it out: keeps its connection, follows it to another thread, tells the transaction of
/// failures and the observers of its end.
class SessionCursor final : public backend::Cursor, public backend::RowLoop {
public:
    SessionCursor(std::shared_ptr<Hold> hold, std::unique_ptr<backend::Cursor> inner, std::unique_ptr<Report> report);
    SessionCursor(const SessionCursor&) = delete;
    SessionCursor& operator=(const SessionCursor&) = delete;
    ~SessionCursor() override;

    bool next() override;
    void read(std::span<const backend::ColumnSlot> slots, int first, void* row, backend::KeyStore& keys) override {
        inner_->read(slots, first, row, keys);
    }
    std::vector<std::string> column_names() override { return inner_->column_names(); }
    bool is_null(int column) override { return inner_->is_null(column); }
    std::int64_t integer(int column) override { return inner_->integer(column); }
    backend::Value value(int column, backend::ColumnType type, const backend::FieldInfo* field) override {
        return inner_->value(column, type, field);
    }
    std::size_t row_bytes() override { return inner_->row_bytes(); }
    backend::RowLoop* row_loop() override { return inner_->row_loop() != nullptr ? this : nullptr; }
    bool read_rows(std::span<const backend::ColumnSlot> slots, int first, backend::RowSink& sink,
                   backend::KeyStore& keys, std::size_t most, std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;
    bool has_failed() const override { return inner_->row_loop()->has_failed(); }

private:
    /// Lets `work` read rows from the inner loop, which counts them in `count`.
    template <class Work>
    bool read_many(const std::size_t& count, Work&& work);
    void finish() noexcept;
    void fail(const DatabaseError& error) noexcept;

    std::shared_ptr<Hold> hold_;
    std::unique_ptr<backend::Cursor> inner_;
    std::unique_ptr<Report> report_; // null when nobody watches, and once it is made
    std::size_t rows_{0};
    std::size_t bytes_{0}; // counted for the report alone
};

} // namespace kith::database
