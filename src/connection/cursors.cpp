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

void note_interruption(PooledConnection& pooled, const std::exception& error,
                       observe::StatementReport* report) noexcept {
    const bool is_ours = dynamic_cast<const Error*>(&error) != nullptr;
    if (is_ours && dynamic_cast<const DatabaseError*>(&error) == nullptr) return;
    pooled.transactions().note_failure(error);
    if (report != nullptr) report->fail(error);
}

SessionCursor::SessionCursor(std::shared_ptr<ConnectionGuard> guard, std::unique_ptr<backend::Cursor> inner,
                             std::unique_ptr<observe::StatementReport> report, bool must_end)
    : ForwardingCursor(std::move(inner)), guard_(std::move(guard)), report_(std::move(report)), must_end_(must_end) {
    if (report_ != nullptr) inner_ = std::make_unique<CountingCursor>(std::move(inner_), bytes_);
}

SessionCursor::~SessionCursor() {
    PooledConnection& pooled = guard_->pooled();
    if (must_end_ && pooled.lock().is_mine()) {
        pooled.transactions().note_failure("the rows that a statement returned after writing were not all read");
    }
    pooled.end(std::move(inner_));
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
    } catch (const std::exception& e) {
        note_interruption(pooled, e, nullptr);
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
    } catch (const Error& e) {
        rows_ += count - before;
        if (loop.has_failed()) { // otherwise the statement is sound, and only a value did not fit its member
            note_interruption(pooled, e, nullptr);
            fail(e);
        }
        throw;
    } catch (const std::exception& e) {
        rows_ += count - before;
        note_interruption(pooled, e, nullptr);
        fail(e);
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

/// The statement has ended, well or not.
void SessionCursor::finish() noexcept {
    must_end_ = false;
    if (const auto report = std::move(report_)) report->finish({.rows = rows_, .bytes = bytes_, .returned = true});
}

void SessionCursor::fail(const std::exception& error) noexcept {
    must_end_ = false;
    if (const auto report = std::move(report_)) report->fail(error, {.rows = rows_, .bytes = bytes_, .returned = true});
}

} // namespace kith::connection
