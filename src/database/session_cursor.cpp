#include "database/session_cursor.hpp"

#include <kith/error.hpp>

namespace kith::database {

SessionCursor::~SessionCursor() {
    hold_->lease().end(std::move(inner_));
    finish(false);
}

bool SessionCursor::next() {
    Lease& lease = hold_->lease();
    lease.enter();
    try {
        if (inner_->next()) {
            ++rows_;
            return true;
        }
    } catch (const DatabaseError& e) {
        lease.levels().note_failure(e);
        finish(true);
        throw;
    }
    finish(false);
    return false;
}

template <class Work>
bool SessionCursor::read_many(const std::size_t& count, Work&& work) {
    Lease& lease = hold_->lease();
    lease.enter();
    auto& loop = *inner_->row_loop();
    const std::size_t before = count;
    try {
        const bool more = work(loop);
        rows_ += count - before;
        if (!more) finish(false);
        return more;
    } catch (const DatabaseError& e) {
        rows_ += count - before;
        if (loop.has_failed()) { // else the rows came, and were not what their members hold
            lease.levels().note_failure(e);
            finish(true);
        }
        throw;
    }
}

bool SessionCursor::read_rows(std::span<const backend::ColumnSlot> slots, int first, backend::RowSink& sink,
                              backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    return read_many(count, [&](auto& loop) { return loop.read_rows(slots, first, sink, keys, most, count); });
}

bool SessionCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    count = 0;
    return read_many(count, [&](auto& loop) { return loop.read_integers(columns, cells, count); });
}

void SessionCursor::finish(bool failed) noexcept {
    if (const auto report = std::move(report_)) report->finish(rows_, failed);
}

} // namespace kith::database
