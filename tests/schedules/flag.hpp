#pragma once

#include "base/condition.hpp"
#include "base/mutex.hpp"

#include <chrono>

namespace schedules {

/// Counts up, and lets threads of a schedule wait for a number.
class Flag {
public:
    void raise() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    void await(int count) {
        while (!await_for_some_time(count)) {}
    }
    /// False if no other thread could raise it to `count`.
    bool await_for_some_time(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::hours(1), [&] { return count_ >= count; });
    }

private:
    kith::base::Mutex mutex_;
    kith::base::Condition changed_;
    int count_{0};
};

} // namespace schedules
