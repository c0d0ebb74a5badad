#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace kith::backend {

/// Work on a thread of its own that nobody has to wait for to its end: to cancel what a server runs takes another
/// connection, and the network may let that wait for minutes.
class HelperThread {
public:
    using Clock = std::chrono::steady_clock;

    /// `work` must own all that it uses. It says whether it knows what it has done: if not, or if it throws, it never
    /// counts as ended.
    explicit HelperThread(std::function<bool()> work) : shared_(std::make_shared<Shared>()) {
        std::thread([shared = shared_, run = std::move(work)]() mutable {
            bool knows = false;
            try {
                knows = run();
            } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): as if it did not know
            }
            run = nullptr;
            if (!knows) return;
            const std::lock_guard lock(shared->mutex);
            shared->ended = true;
            shared->changed.notify_all();
        }).detach();
    }

    /// False if the work has not ended by then.
    bool wait_until(Clock::time_point until) const {
        std::unique_lock lock(shared_->mutex);
        return shared_->changed.wait_until(lock, until, [&] { return shared_->ended; });
    }

private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        bool ended{false};
    };

    std::shared_ptr<Shared> shared_;
};

} // namespace kith::backend
