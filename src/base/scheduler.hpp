#pragma once

#include <atomic>
#include <functional>

namespace kith::base {

/// Decides which of its threads continues, in the tests of schedules. One of them runs at a time.
class Scheduler {
public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    virtual ~Scheduler() = default;

    /// Lets another thread continue, or this one.
    virtual void point() noexcept = 0;
    /// This thread waits for `object` from now on, though it runs until the next point. A wait that `can_end` ends when
    /// no other thread can run.
    virtual void begin_wait(const void* object, bool can_end) noexcept = 0;
    /// Lets others continue until wake() has named the object. False if this thread waited in vain.
    virtual bool wait() noexcept = 0;

    /// What this thread waited for in vain had come: it should have been woken.
    virtual void missed() noexcept = 0;
    /// Runs `work` on one more thread.
    virtual void start(std::function<void()> work) = 0;

    /// The scheduler of this thread; null for none.
    static Scheduler* here() noexcept { return own(); }
    static Scheduler*& own() noexcept {
        static thread_local Scheduler* scheduler = nullptr;
        return scheduler;
    }
    /// One thread, or all, that wait for `object` may continue. From any thread.
    static void wake(const void* object, bool all) noexcept {
        if (auto* scheduler = current().load()) scheduler->woken(object, all);
    }
    static std::atomic<Scheduler*>& current() noexcept {
        static std::atomic<Scheduler*> scheduler{nullptr};
        return scheduler;
    }

private:
    virtual void woken(const void* object, bool all) noexcept = 0;
};

} // namespace kith::base
