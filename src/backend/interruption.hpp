#pragma once

#include "backend/helper_thread.hpp"
#include "backend/round_trip.hpp"
#include "base/bound.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace kith::backend {

/// Decides how long a connection waits for its server, and what happens when the time of its call is over: first the
/// statement is cancelled; if the server does not answer soon after that, the connection is given up.
///
/// A cancel travels beside the connection, so it may arrive late. The connection is used again only when the cancel has
/// certainly reached the server, which was idle at that time or after it; otherwise it is given up as well. So no
/// cancel hits a later statement.
class Interruption {
public:
    using Clock = base::Bound::Clock;
    using milliseconds = std::chrono::milliseconds;

    enum class Step : unsigned char { wait, give_up };

    /// How long the server may take to confirm a cancel: see brief_time().
    void set_grace(milliseconds grace) noexcept { grace_ = grace; }
    milliseconds grace() const noexcept { return grace_; }

    /// `cancel` makes the work that cancels what the connection runs; it is called at most once for each interruption,
    /// and the work runs on a thread of its own. Sets how long to wait for the server before asking again, at most
    /// `longest`.
    template <class MakeCancel>
    Step next(const base::Bound& bound, milliseconds longest, milliseconds& wait, const MakeCancel& cancel) {
        if (!helper_) {
            wait = bound.wait(longest);
            if (!bound.over()) return Step::wait;
            try {
                helper_.emplace(cancel());
            } catch (const std::exception&) { // no thread, or no memory
                return Step::give_up;
            }
            until_ = Clock::now() + grace_;
        }
        const auto left = std::chrono::ceil<milliseconds>(until_ - Clock::now());
        wait = std::clamp(left, milliseconds(0), longest);
        return left > milliseconds(0) ? Step::wait : Step::give_up;
    }

    /// Whether a cancel was sent for what runs now.
    bool cancels() const noexcept { return helper_.has_value(); }
    /// To be called when the server is idle again. False if the cancel may still arrive.
    bool end() {
        if (!helper_) return true;
        const bool ended = helper_->wait_until(until_);
        helper_.reset();
        return ended;
    }

private:
    std::optional<HelperThread> helper_{};
    milliseconds grace_{brief_time({}, 0)};
    Clock::time_point until_{};
};

} // namespace kith::backend
