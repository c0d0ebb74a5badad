#pragma once

#include "connection/forwarding_cursor.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace kith::connection {

/// The cursor of a statement that is observed: counts the bytes of the rows that come. Stands in the way of rows only
/// then.
class CountingCursor final : public ForwardingCursor {
public:
    /// Adds to `bytes`, which has to live as long.
    CountingCursor(std::unique_ptr<backend::Cursor> inner, std::size_t& bytes)
        : ForwardingCursor(std::move(inner)), bytes_(&bytes) {}

    bool next() override {
        if (!inner_->next()) return false;
        *bytes_ += inner_->row_bytes();
        return true;
    }
    bool read_rows(std::span<const backend::ColumnSlot> slots, int first, backend::RowSink& sink,
                   backend::KeyStore& keys, std::size_t most, std::size_t& count) override {
        CountingSink counting(sink, *this);
        return inner_->row_loop()->read_rows(slots, first, counting, keys, most, count);
    }
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override {
        const bool more = inner_->row_loop()->read_integers(columns, cells, count);
        *bytes_ += count * static_cast<std::size_t>(columns) * sizeof(std::int64_t);
        return more;
    }

private:
    class CountingSink final : public backend::RowSink {
    public:
        CountingSink(backend::RowSink& to, CountingCursor& cursor) : to_(&to), cursor_(&cursor) {}
        void* next_row() override {
            *cursor_->bytes_ += cursor_->inner_->row_bytes();
            return to_->next_row();
        }

    private:
        backend::RowSink* to_;
        CountingCursor* cursor_;
    };

    std::size_t* bytes_;
};

} // namespace kith::connection
