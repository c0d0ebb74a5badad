#include "connection/cursors.hpp"

#include <kith/error.hpp>

namespace kith::connection {

class CountingCursor::CountingSink final : public backend::RowSink {
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

bool CountingCursor::next() {
    if (!inner_->next()) return false;
    *bytes_ += inner_->row_bytes();
    return true;
}

bool CountingCursor::read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink,
                               backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    CountingSink counting(sink, *this);
    return inner_->row_loop()->read_rows(slots, first, counting, keys, most, count);
}

bool CountingCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    const bool more = inner_->row_loop()->read_integers(columns, cells, count);
    *bytes_ += count * static_cast<std::size_t>(columns) * sizeof(std::int64_t);
    return more;
}

SessionCursor::SessionCursor(std::shared_ptr<ConnectionGuard> guard, std::unique_ptr<backend::Cursor> inner,
                             std::unique_ptr<observe::StatementReport> report)
    : ForwardingCursor(std::move(inner)), guard_(std::move(guard)), report_(std::move(report)) {
    if (report_ != nullptr) inner_ = std::make_unique<CountingCursor>(std::move(inner_), bytes_);
}

SessionCursor::~SessionCursor() {
    guard_->pooled().end(std::move(inner_));
    finish();
}

bool SessionCursor::next() {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter();
    try {
        if (inner_->next()) {
            ++rows_;
            return true;
        }
    } catch (const DatabaseError& e) {
        pooled.transactions().note_failure(e);
        fail(e);
        throw;
    }
    finish();
    return false;
}

template <class Read>
bool SessionCursor::read_many(const std::size_t& count, Read&& read) {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter();
    auto& loop = *inner_->row_loop();
    const std::size_t before = count;
    try {
        const bool more = read(loop);
        rows_ += count - before;
        if (!more) finish();
        return more;
    } catch (const DatabaseError& e) {
        rows_ += count - before;
        if (loop.has_failed()) { // otherwise the statement is sound, and only a value did not fit its member
            pooled.transactions().note_failure(e);
            fail(e);
        }
        throw;
    }
}

bool SessionCursor::read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink,
                              backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    return read_many(count, [&](auto& loop) { return loop.read_rows(slots, first, sink, keys, most, count); });
}

bool SessionCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    count = 0;
    return read_many(count, [&](auto& loop) { return loop.read_integers(columns, cells, count); });
}

void SessionCursor::finish() noexcept {
    if (const auto report = std::move(report_)) report->finish({.rows = rows_, .bytes = bytes_, .returned = true});
}

void SessionCursor::fail(const DatabaseError& error) noexcept {
    if (const auto report = std::move(report_)) report->fail(error, {.rows = rows_, .bytes = bytes_, .returned = true});
}

} // namespace kith::connection
