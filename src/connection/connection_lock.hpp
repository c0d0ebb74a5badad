#pragma once

#include "connection/thread_number.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace kith::connection {

class Transaction;

/// The lock on a pooled connection: one thread at a time, recursively.
///
/// An open `atomic` block reserves the connection for its own thread and for threads that use the block's handle. Other
/// threads that know the connection, through the handle of an outer block, wait until the inner block has ended.
class ConnectionLock {
public:
    enum class Outcome : std::uint8_t { taken, ended, timed_out };

    /// Locks for this thread. `through` is the block whose handle is used, or null for the connection that the thread
    /// is bound to. `ended`: that block is over.
    Outcome acquire(const Transaction* through, std::chrono::milliseconds timeout);
    /// Unlocks once, from any thread.
    void release() noexcept;

    bool is_mine() const noexcept { return owner_.load(std::memory_order_relaxed) == this_thread(); }
    /// Makes this thread the owner of a lock that was acquired on another one, once nothing else there uses the
    /// connection. False after `timeout`.
    bool move_here(std::chrono::milliseconds timeout);

    /// Reserves the connection for `transaction`, inside earlier reservations. The lock must be held.
    void reserve(const Transaction& transaction);
    void end_reservation(const Transaction& transaction) noexcept;
    bool is_reserved() const;

private:
    struct Reservation {
        const Transaction* transaction;
        ThreadNumber thread;
    };

    bool knows(const Transaction* transaction) const;
    bool may_take(const Transaction* through, ThreadNumber thread) const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<ThreadNumber> owner_{0};
    std::size_t depth_{0};
    std::vector<Reservation> reservations_; // the innermost last
};

} // namespace kith::connection
