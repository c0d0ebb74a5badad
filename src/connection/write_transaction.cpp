#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"

#include <utility>

namespace kith::connection {

Writing::Writing(Session& session) : evaluation_(session.work().evaluation) {
    session.ready().levels().open({});
    guard_ = session.guard_;
}

void Writing::commit() {
    const auto guard = std::exchange(guard_, nullptr);
    guard->pooled().enter();
    guard->pooled().levels().works_for(evaluation_);
    guard->pooled().levels().commit();
}

Writing::~Writing() {
    if (!guard_) return;
    guard_->pooled().levels().works_for(evaluation_);
    guard_->pooled().levels().roll_back();
}

} // namespace kith::connection
