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

bool SessionCursor::read_rows(std::span<const backend::ColumnSlot> slots, int first, backend::RowSink& sink,
                              backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    Lease& lease = hold_->lease();
    lease.enter();
    auto& loop = *inner_->row_loop();
    const std::size_t before = count;
    try {
        const bool more = loop.read_rows(slots, first, sink, keys, most, count);
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

void SessionCursor::finish(bool failed) noexcept {
    if (const auto report = std::move(report_)) report->finish(rows_, failed);
}

} // namespace kith::database
