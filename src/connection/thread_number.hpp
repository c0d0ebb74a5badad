#pragma once

#include <atomic>
#include <cstdint>

namespace kith::connection {

/// Names a thread for as long as the program runs; zero names none. A std::thread::id may come again once its thread
/// has ended, and would then inherit the connection of a stream that was handed on.
using ThreadNumber = std::uint64_t;

inline ThreadNumber this_thread() noexcept {
    static constinit std::atomic<ThreadNumber> last{0};
    static constinit thread_local ThreadNumber number = 0;
    if (number == 0) number = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return number;
}

} // namespace kith::connection
