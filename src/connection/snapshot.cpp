#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"

#include <utility>

namespace kith::connection {

Snapshot::Snapshot(Session& session) {
    if (!session.ready().levels().share_snapshot()) return;
    hold_ = session.hold_;
    evaluation_ = session.work().evaluation;
}

void Snapshot::commit() {
    const auto hold = std::exchange(hold_, nullptr);
    if (!hold) return;
    hold->pooled().enter();
    hold->pooled().levels().works_for(evaluation_);
    if (std::exchange(commit_is_sent_, false)) {
        hold->pooled().levels().finish_early_end();
    } else {
        hold->pooled().levels().end_snapshot();
    }
}

Snapshot::~Snapshot() {
    try {
        commit();
    } catch (...) { // NOLINT(bugprone-empty-catch): the view has ended; who wants to know calls commit()
    }
}

} // namespace kith::connection
