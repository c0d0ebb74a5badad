#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace kith::backend {

/// The time of a round trip to the server: the shortest of the last statements, of those counted now and of as many
/// before them. An upper bound, because the server has worked as well.
class RoundTrip {
public:
    using Clock = std::chrono::steady_clock;

    /// Counts a statement that was sent alone at `start` and is answered now.
    void note(Clock::time_point start) noexcept {
        const std::chrono::nanoseconds time = Clock::now() - start;
        if (timed_++ == statements_timed) {
            timed_ = 1;
            earlier_ = std::exchange(latest_, std::nullopt);
        }
        latest_ = std::min(latest_.value_or(time), time);
    }
    /// 0 if none was counted.
    std::chrono::nanoseconds shortest() const noexcept {
        const auto latest = latest_.value_or(std::chrono::nanoseconds(0));
        return std::min(latest, earlier_.value_or(latest));
    }

private:
    /// The number of statements after which the way to the server may have become longer.
    static constexpr std::uint32_t statements_timed = 64;

    std::optional<std::chrono::nanoseconds> latest_{};
    std::optional<std::chrono::nanoseconds> earlier_{};
    std::uint32_t timed_{0};
};

/// How long the server may take, after the time of a call, to do what needs `trips` round trips: on one machine some
/// 10 ms, on a long line as long as it takes, and never more than a quarter of a second.
inline std::chrono::milliseconds brief_time(std::chrono::nanoseconds round_trip, int trips) noexcept {
    using std::chrono::milliseconds;
    constexpr milliseconds least{12};
    constexpr milliseconds most{250};
    return std::min(least + std::chrono::ceil<milliseconds>(round_trip * trips), most);
}

} // namespace kith::backend
