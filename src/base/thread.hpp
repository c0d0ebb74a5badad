#pragma once

#include <thread>
#include <utility>
#ifdef KITH_TEST_SCHEDULES
#include "base/scheduler.hpp"

#include <functional>
#endif

namespace kith::base {

/// Runs `work` on a thread of its own that nobody waits for.
template <class Work>
void start_detached(Work&& work) {
#ifdef KITH_TEST_SCHEDULES
    if (auto* scheduler = Scheduler::here()) return scheduler->start(std::function<void()>(std::forward<Work>(work)));
#endif
    std::thread(std::forward<Work>(work)).detach();
}

} // namespace kith::base
