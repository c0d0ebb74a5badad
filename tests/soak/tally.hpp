#pragma once

#include <kith/error.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace soak {

enum class Work : unsigned char {
    write,
    transfer,
    evaluate,
    stream,
    lazy,
    together,
    limits,
    observe,
    handle,
};
inline constexpr std::size_t works = 9;

/// How a piece of work may end.
enum class End : unsigned char { done, deadline, cancelled, limit, transient, in_doubt };
inline constexpr std::size_t ends = 6;

/// What the error means; End::done if it is none that is expected.
End end_of(const kith::Error& error) noexcept;

/// How much work was done, counted by all threads.
class Tally {
public:
    void add(Work work, End end) noexcept { cell(work, end).fetch_add(1, std::memory_order_relaxed); }
    /// `4,512 write, 301 transfer, …; 12 deadline, …`: what was done, and how the rest ended.
    std::string text() const;
    std::uint64_t all(Work work, End end) const noexcept {
        return cells_.at(static_cast<std::size_t>(work)).at(static_cast<std::size_t>(end)).load();
    }

private:
    std::atomic<std::uint64_t>& cell(Work work, End end) noexcept {
        return cells_.at(static_cast<std::size_t>(work)).at(static_cast<std::size_t>(end));
    }

    std::array<std::array<std::atomic<std::uint64_t>, ends>, works> cells_{};
};

} // namespace soak
