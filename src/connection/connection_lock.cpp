#include "connection/connection_lock.hpp"

#include "connection/bounded_wait.hpp"

#include <algorithm>
#include <string_view>

namespace kith::connection {

namespace {

constexpr std::string_view busy_elsewhere = "another thread used the connection of its stream or atomic block";

} // namespace

ConnectionLock::Outcome ConnectionLock::acquire(const AtomicBlock* through, std::chrono::milliseconds timeout,
                                                const base::Bound* bound) {
    const ThreadNumber thread = this_thread();
    std::unique_lock lock(mutex_);
    const auto over = [&] { return through != nullptr && !knows(through); };
    const auto ready = [&] { return over() || may_acquire(through, thread); };
    if (!wait_within(bound, changed_, lock, timeout, ready, busy_elsewhere)) return Outcome::timed_out;
    if (over()) return Outcome::ended;
    owner_.store(thread, std::memory_order_relaxed);
    ++depth_;
    return Outcome::acquired;
}

void ConnectionLock::release() noexcept {
    const std::lock_guard lock(mutex_);
    if (--depth_ == 0) owner_.store(0, std::memory_order_relaxed);
    changed_.notify_all();
}

bool ConnectionLock::move_here(std::chrono::milliseconds timeout, const base::Bound* bound) {
    const ThreadNumber thread = this_thread();
    std::unique_lock lock(mutex_);
    const auto alone = [&] { return depth_ == 1 || owner_.load(std::memory_order_relaxed) == thread; };
    if (!wait_within(bound, changed_, lock, timeout, alone, busy_elsewhere)) return false;
    owner_.store(thread, std::memory_order_relaxed);
    return true;
}

void ConnectionLock::reserve(const AtomicBlock& block) {
    const std::lock_guard lock(mutex_);
    reservations_.push_back({&block, this_thread()});
}

void ConnectionLock::end_reservation(const AtomicBlock& block) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(reservations_, [&](const Reservation& r) { return r.block == &block; });
    changed_.notify_all();
}

bool ConnectionLock::is_reserved() const {
    const std::lock_guard lock(mutex_);
    return !reservations_.empty();
}

bool ConnectionLock::knows(const AtomicBlock* block) const {
    return std::ranges::find(reservations_, block, &Reservation::block) != reservations_.end();
}

bool ConnectionLock::may_acquire(const AtomicBlock* through, ThreadNumber thread) const {
    if (depth_ > 0) return owner_.load(std::memory_order_relaxed) == thread;
    if (reservations_.empty()) return true;
    const Reservation& innermost = reservations_.back();
    return innermost.thread == thread || (through != nullptr && innermost.block == through);
}

} // namespace kith::connection
