#pragma once

#include "backend/backend.hpp"
#include "base/bound.hpp"
#include "connection/pooled_connection.hpp"
#include "observe/statement_report.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Cursors that wrap the backend's own.
namespace kith::connection {

/// Forwards everything to another cursor, except how rows arrive.
class ForwardingCursor : public backend::Cursor, public backend::RowLoop {
public:
    void read(std::span<const sql::ColumnSlot> slots, int first, void* row, backend::KeyStore& keys) final {
        inner_->read(slots, first, row, keys);
    }
    void keep_integers(int column) final { inner_->keep_integers(column); }
    void keep_at_most(std::size_t rows, std::size_t bytes) final { inner_->keep_at_most(rows, bytes); }
    void stop(bool may_fail) noexcept final { inner_->stop(may_fail); }
    std::vector<std::string> column_names() final { return inner_->column_names(); }
    bool is_null(int column) final { return inner_->is_null(column); }
    std::int64_t integer(int column) final { return inner_->integer(column); }
    backend::Value value(int column, backend::ColumnType type, const backend::FieldInfo* field) final {
        return inner_->value(column, type, field);
    }
    std::size_t row_bytes() final { return inner_->row_bytes(); }
    backend::RowLoop* row_loop() final { return inner_->row_loop() != nullptr ? this : nullptr; }
    bool has_failed() const final { return inner_->row_loop()->has_failed(); }

protected:
    explicit ForwardingCursor(std::unique_ptr<backend::Cursor> inner) : inner_(std::move(inner)) {}

    std::unique_ptr<backend::Cursor> inner_;
};

/// Counts the bytes of the rows of an observed statement. Statements without observers have none.
class CountingCursor final : public ForwardingCursor {
public:
    /// Adds to `bytes`, which must outlive the cursor.
    CountingCursor(std::unique_ptr<backend::Cursor> inner, std::size_t& bytes)
        : ForwardingCursor(std::move(inner)), bytes_(&bytes) {}

    bool next() override;
    bool read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink, backend::KeyStore& keys,
                   std::size_t most, std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;

private:
    class CountingSink;

    std::size_t* bytes_;
};

/// Counts the rows of a statement against the limits of its call, as they arrive.
class BudgetCursor final : public ForwardingCursor {
public:
    /// `bound` and `lookup` must outlive the cursor.
    BudgetCursor(std::unique_ptr<backend::Cursor> inner, base::Bound& bound, std::string_view lookup)
        : ForwardingCursor(std::move(inner)), bound_(&bound), lookup_(lookup) {
        keep_at_most(bound.most_rows(lookup), bound.most_bytes());
    }

    bool next() override;
    bool read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink, backend::KeyStore& keys,
                   std::size_t most, std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;

private:
    class Sink;

    void count_row();

    base::Bound* bound_;
    std::string_view lookup_;
};

/// Called when an exception has interrupted a statement: unless Kith refused a value before it sent anything, the
/// innermost block is poisoned, and the failure reported. `report` may be null.
void note_interruption(PooledConnection& pooled, const std::exception& error,
                       observe::StatementReport* report) noexcept;

/// The cursor that a Session returns. It keeps its connection, follows it to another thread, reports failures to the
/// transaction and its end to observers.
class SessionCursor final : public ForwardingCursor {
public:
    /// What the statement does beside returning rows.
    enum class Effect : unsigned char {
        none,   ///< it reads
        writes, ///< it has written when its rows arrive: nothing may interrupt them, and they are not loaded
        whole,  ///< also, a statement that is not read to its end is half done, and poisons the transaction
    };

    struct Task {
        Effect effect{Effect::none};
        const sql::Statement* statement{nullptr}; ///< one of Kith's own that writes must outlive the cursor
        const detail::ModelInfo* model{nullptr};  ///< of the call; may be null
    };

    /// `lookup` must outlive the cursor.
    SessionCursor(std::shared_ptr<ConnectionGuard> guard, std::shared_ptr<base::Bound> bound,
                  std::unique_ptr<backend::Cursor> inner, std::unique_ptr<observe::StatementReport> report,
                  std::string_view lookup, const Task& task);
    SessionCursor(const SessionCursor&) = delete;
    SessionCursor& operator=(const SessionCursor&) = delete;
    ~SessionCursor() override;

    bool next() override;
    bool read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink, backend::KeyStore& keys,
                   std::size_t most, std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;

private:
    /// Lets `read` take rows from the inner loop, which counts them in `count`.
    template <class Read>
    bool read_many(const std::size_t& count, Read&& read);
    void finish() noexcept;
    void fail(const std::exception& error) noexcept;
    void stop_beyond_limit(const std::exception& error) noexcept;
    void check_bound();

    std::shared_ptr<ConnectionGuard> guard_;
    std::shared_ptr<base::Bound> bound_;               // null for none
    std::unique_ptr<observe::StatementReport> report_; // null without observers, and after it was sent
    bool writes_;
    bool must_end_;
    const sql::Statement* written_; // null for a statement that reads, or that is the program's own
    const detail::ModelInfo* model_;
    std::size_t rows_{0};
    std::size_t unchecked_{0}; // rows since the bound was looked at
    std::size_t bytes_{0};     // counted only for the report
};

} // namespace kith::connection
