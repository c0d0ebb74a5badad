#pragma once

#include "base/bound.hpp"
#include "base/condition.hpp"
#include "base/mutex.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kith::connection {

class AtomicBlock;

/// Identifies a thread for the whole run of the program; zero identifies none. A std::thread::id may be reused after
/// its thread has ended, and the new thread would then inherit the connection of a stream that was handed over.
using ThreadNumber = std::uint64_t;

inline ThreadNumber this_thread() noexcept {
    static constinit std::atomic<ThreadNumber> last{0};
    static constinit thread_local ThreadNumber number = 0;
    if (number == 0) number = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return number;
}

/// The lock on a pooled connection: one thread at a time, recursively.
///
/// An open `atomic` block reserves the connection for its own thread and for threads that use the block's handle. Other
/// threads that know the connection, through the handle of an outer block, wait until the inner block has ended.
class ConnectionLock {
public:
    enum class Outcome : std::uint8_t { acquired, ended, timed_out };

    /// Locks for this thread. `through` is the block whose handle is used, or null for the connection that the thread
    /// is bound to. `ended`: that block has ended. `bound` may be null; throws what it throws when it is over.
    Outcome acquire(const AtomicBlock* through, std::chrono::milliseconds timeout, const base::Bound* bound);
    /// Unlocks once, from any thread.
    void release() noexcept;

    bool is_mine() const noexcept { return owner_.load(std::memory_order_relaxed) == this_thread(); }
    /// Makes this thread the owner of a lock that was acquired on another one, once nothing else there uses the
    /// connection. False after `timeout`. `bound` as for acquire().
    bool move_here(std::chrono::milliseconds timeout, const base::Bound* bound);

    /// Reserves the connection for `block`, inside earlier reservations. The lock must be held.
    void reserve(const AtomicBlock& block);
    void end_reservation(const AtomicBlock& block) noexcept;
    bool is_reserved() const;

private:
    struct Reservation {
        const AtomicBlock* block;
        ThreadNumber thread;
    };

    bool knows(const AtomicBlock* block) const;
    bool may_acquire(const AtomicBlock* through, ThreadNumber thread) const;

    mutable base::Mutex mutex_;
    base::Condition changed_;
    std::atomic<ThreadNumber> owner_{0};
    std::size_t depth_{0};
    std::vector<Reservation> reservations_; // the innermost is the last
};

} // namespace kith::connection
