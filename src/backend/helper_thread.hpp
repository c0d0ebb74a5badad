#pragma once

#include "base/condition.hpp"
#include "base/mutex.hpp"
#include "base/thread.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
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
        base::start_detached([shared = shared_, run = std::move(work)]() mutable {
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
        });
    }

    /// False if the work has not ended by then.
    bool wait_until(Clock::time_point until) const {
        std::unique_lock lock(shared_->mutex);
        return shared_->changed.wait_until(lock, until, [&] { return shared_->ended; });
    }

private:
    struct Shared {
        base::Mutex mutex;
        base::Condition changed;
        bool ended{false};
    };

    std::shared_ptr<Shared> shared_;
};

} // namespace kith::backend
