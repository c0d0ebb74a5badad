#pragma once

#include "base/mutex.hpp"

#include <condition_variable>
#include <mutex>
#ifdef KITH_TEST_SCHEDULES
#include <chrono>
#endif

namespace kith::base {

#ifndef KITH_TEST_SCHEDULES

using Condition = std::condition_variable;

#else

/// See Mutex.
class Condition {
public:
    void notify_one() noexcept {
        condition_.notify_one();
        Scheduler::wake(this, false);
    }
    void notify_all() noexcept {
        condition_.notify_all();
        Scheduler::wake(this, true);
    }
    template <class Time, class Ready>
    bool wait_until(std::unique_lock<Mutex>& lock, const Time& until, const Ready& ready) {
        auto* scheduler = Scheduler::here();
        if (scheduler == nullptr) return condition_.wait_until(lock, until, ready);
        while (!ready()) {
            scheduler->begin_wait(this, true); // before the lock is free: no wake() is missed
            lock.unlock();
            const bool woken = scheduler->wait();
            lock.lock();
            if (!woken) {
                const bool is_ready = ready();
                if (is_ready) scheduler->missed();
                return is_ready;
            }
        }
        return true;
    }
    template <class Time, class Ready>
    bool wait_for(std::unique_lock<Mutex>& lock, const Time& time, const Ready& ready) {
        return wait_until(lock, std::chrono::steady_clock::now() + time, ready);
    }

private:
    std::condition_variable_any condition_;
};

#endif

} // namespace kith::base
