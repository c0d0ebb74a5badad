#pragma once

#include <mutex>
#ifdef KITH_TEST_SCHEDULES
#include "base/scheduler.hpp"
#endif

/// The locks of Kith: those of the standard library. In a build with KITH_TEST_SCHEDULES they also ask a Scheduler, if
/// there is one, which thread continues.
namespace kith::base {

#ifndef KITH_TEST_SCHEDULES

using Mutex = std::mutex;
using RecursiveMutex = std::recursive_mutex;

/// Before a step that other threads must be able to precede or to follow, where no lock is taken.
inline void schedule_point() noexcept {}

#else

inline void schedule_point() noexcept {
    if (auto* scheduler = Scheduler::here()) scheduler->point();
}

template <class Lock>
class ScheduledMutex {
public:
    void lock() {
        auto* scheduler = Scheduler::here();
        if (scheduler == nullptr) return lock_.lock();
        scheduler->point();
        while (!lock_.try_lock()) {
            scheduler->begin_wait(this, false);
            scheduler->wait();
        }
    }
    bool try_lock() {
        schedule_point();
        return lock_.try_lock();
    }
    void unlock() {
        lock_.unlock();
        Scheduler::wake(this, true);
        schedule_point();
    }

private:
    Lock lock_;
};

using Mutex = ScheduledMutex<std::mutex>;
using RecursiveMutex = ScheduledMutex<std::recursive_mutex>;

#endif

} // namespace kith::base
