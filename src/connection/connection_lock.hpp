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

/// Who may use a connection now: one thread at a time, any number of times over.
///
/// An open `atomic` reserves the connection for its own thread and for those that use the handle it gave out. Others
/// that know the connection, through the handle of an outer block, wait until the inner block has ended.
class Turn {
public:
    enum class Outcome : std::uint8_t { taken, ended, timed_out };

    /// Takes the turn for this thread. `through` is the transaction whose handle is used, or null for what the thread
    /// is bound to; `ended` when that transaction is over.
    Outcome take(const Transaction* through, std::chrono::milliseconds timeout);
    /// Gives one turn back, from any thread.
    void release() noexcept;

    bool is_mine() const noexcept { return user_.load(std::memory_order_relaxed) == this_thread(); }
    /// Makes this thread the user of a turn that was taken on another one, once nothing else there uses the connection.
    /// False when that took too long.
    bool move_here(std::chrono::milliseconds timeout);

    /// Reserves the connection for `transaction`, inside what was reserved before. The turn must be held.
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
    std::atomic<ThreadNumber> user_{0};
    std::size_t depth_{0};
    std::vector<Reservation> reservations_; // the innermost last
};

} // namespace kith::connection
