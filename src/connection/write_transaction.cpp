#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"

#include <utility>

namespace kith::connection {

Writing::Writing(Session& session) : evaluation_(session.work().evaluation) {
    session.ready().levels().open({});
    hold_ = session.hold_;
}

void Writing::commit() {
    const auto hold = std::exchange(hold_, nullptr);
    hold->pooled().enter();
    hold->pooled().levels().works_for(evaluation_);
    hold->pooled().levels().commit();
}

Writing::~Writing() {
    if (!hold_) return;
    hold_->pooled().levels().works_for(evaluation_);
    hold_->pooled().levels().roll_back();
}

} // namespace kith::connection
