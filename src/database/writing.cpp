#include "database/lease.hpp"
#include "database/session.hpp"

#include <utility>

namespace kith::database {

Writing::Writing(Session& session) {
    session.ready().levels().open({});
    hold_ = session.hold_;
}

void Writing::commit() {
    const auto hold = std::exchange(hold_, nullptr);
    hold->lease().enter();
    hold->lease().levels().commit();
}

Writing::~Writing() {
    if (hold_) hold_->lease().levels().roll_back();
}

} // namespace kith::database
