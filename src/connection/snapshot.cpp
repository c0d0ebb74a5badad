#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"

#include <utility>

namespace kith::connection {

Snapshot::Snapshot(Session& session) {
    if (!session.ready().levels().share_snapshot()) return;
    guard_ = session.guard_;
    evaluation_ = session.work().evaluation;
}

void Snapshot::commit() {
    const auto guard = std::exchange(guard_, nullptr);
    if (!guard) return;
    guard->pooled().enter();
    guard->pooled().levels().works_for(evaluation_);
    if (std::exchange(commit_is_sent_, false)) {
        guard->pooled().levels().finish_early_end();
    } else {
        guard->pooled().levels().end_snapshot();
    }
}

Snapshot::~Snapshot() {
    try {
        commit();
    } catch (...) { // NOLINT(bugprone-empty-catch): the view has ended; who wants to know calls commit()
    }
}

} // namespace kith::connection
