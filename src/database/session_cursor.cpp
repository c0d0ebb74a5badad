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

void SessionCursor::finish(bool failed) noexcept {
    if (const auto report = std::move(report_)) report->finish(rows_, failed);
}

} // namespace kith::database
