#pragma once

#include "base/bound.hpp"
#include "base/condition.hpp"
#include "base/mutex.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string_view>

namespace kith::connection {

/// As wait_for() of a condition variable: false if `ready` is false after `timeout`. Throws what `bound`, which may be
/// null, throws when it is over before; `doing` is for its message.
template <class Ready>
bool wait_within(const base::Bound* bound, base::Condition& changed, std::unique_lock<base::Mutex>& lock,
                 std::chrono::milliseconds timeout, const Ready& ready, std::string_view doing) {
    if (bound == nullptr || !bound->can_end()) return changed.wait_for(lock, timeout, ready);
    const auto until = base::Bound::Clock::now() + timeout;
    while (!ready()) {
        bound->check(doing);
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - base::Bound::Clock::now());
        if (left <= std::chrono::milliseconds(0)) return false;
        changed.wait_for(lock, bound->wait(left), ready);
    }
    return true;
}

} // namespace kith::connection
