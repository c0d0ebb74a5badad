#pragma once

#include "backend/backend.hpp"
#include "backend/postgresql/decode.hpp"
#include "backend/postgresql/pipeline.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

class Connection;

/// The rows of a statement that has run to its end: the connection is free for others.
class Cursor : public backend::Cursor, public backend::RowLoop {
public:
    explicit Cursor(Rows rows) : rows_(std::move(rows)) {}

    bool next() override;
    void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) override;
    /// Such a column has nothing else.
    void keep_integers(int) override {}
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

protected:
    /// Fetches more rows; false if there are none.
    virtual bool refill() { return false; }
    void replace(Result result, const TypeNames& names);
    /// The same with rows of the same columns.
    void continue_with(Result result);
    bool has_rows() const noexcept { return rows_.get() != nullptr; }

private:
    CurrentRow current() const { return {.rows = rows_, .index = index_, .number = before_ + std::size_t(index_) + 1}; }
    /// next(), small enough to be inlined into the loops.
    bool step() {
        if (index_ + 1 >= rows_.size() && !refill_or_end()) return false;
        ++index_;
        return true;
    }
    bool refill_or_end();
    /// libpq returns NULL, and writes to stderr, for a cell that does not exist.
    void require_column(int column) const {
        if (index_ < 0 || index_ >= rows_.size() || column < 0 || column >= rows_.columns()) refuse_column(column);
    }
    [[noreturn]] void refuse_column(int column) const;

    Rows rows_;
    int index_{-1};
    std::size_t before_{0}; // rows of earlier batches
    bool failed_{false};
};

/// The rows of a statement that is sent together with others, or whose rows arrive one by one.
class PipelineCursor final : public Cursor {
public:
    PipelineCursor(Connection& connection, std::shared_ptr<Pipeline::Step> step)
        : Cursor(Rows(nullptr, step->sql)), connection_(&connection), step_(std::move(step)) {}

    void keep_at_most(std::size_t rows, std::size_t bytes) override {
        if (step_ != nullptr) step_->most_kept = {.rows = rows, .bytes = bytes};
    }
    void stop(bool may_fail) noexcept override;

private:
    bool refill() override;
    bool refill_by_row();

    Connection* connection_;
    std::shared_ptr<Pipeline::Step> step_; // null after it was read
};

/// Reads a cursor on the server, batch by batch.
class StreamCursor final : public Cursor {
public:
    /// `name` is the name of a cursor that was declared for `sql`.
    StreamCursor(Connection& connection, std::string name, sql::StatementText sql, int batch);
    ~StreamCursor() override;

private:
    bool refill() override;

    Connection* connection_;
    std::string name_;
    sql::StatementText sql_;
    int batch_;
    bool ended_{false};
};

} // namespace kith::backend::postgresql
