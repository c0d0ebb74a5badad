#include "connection/pooled_connection.hpp"

#include "connection/atomic.hpp"
#include "connection/database_core.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::connection {
namespace {

[[noreturn]] void refuse_wait(const DatabaseCore& core) {
    throw OperationalError(
        fmt::format("{}: this connection was in use on another thread for the whole {} ms of pool_timeout. Streams "
                    "that start on one thread share its connection: start each on the thread that reads it, and end "
                    "the blocks nested in an atomic block that threads share",
                    core.driver().name(), core.options().pool_timeout.count()));
}

/// Null if the block `through` has ended.
std::shared_ptr<ConnectionGuard> locked(std::shared_ptr<PooledConnection> pooled, const AtomicBlock* through,
                                        const base::Bound* bound) {
    auto guard = std::make_shared<ConnectionGuard>(std::move(pooled));
    return guard->lock(through, bound) ? std::move(guard) : nullptr;
}

} // namespace

PooledConnection::PooledConnection(std::shared_ptr<DatabaseCore> core, Lease lease)
    : core_(std::move(core)),
      lease_(std::move(lease)),
      transactions_(lease_.connection(), core_->driver(), core_->shared_observers()) {}

PooledConnection::~PooledConnection() {
    watch(nullptr);
    end_parked();
    transactions_.clear();
    lease_.set_spoilt(!transactions_.intact());
    lease_.end(bound_to);
}

void PooledConnection::enter_slowly(const std::shared_ptr<base::Bound>& bound) {
    if (!lock_.is_mine()) {
        if (!lock_.move_here(core_->options().pool_timeout, bound.get())) refuse_wait(*core_);
        is_moved_ = true;
        attention_.store(true, std::memory_order_relaxed); // until all of this has succeeded
    }
    if (is_moved_) core_->pool().move_binding(*this);
    is_moved_ = false;
    watch(bound);
    end_parked();
    if (abandoned_.load(std::memory_order_relaxed)) {
        throw OperationalError("The atomic block of this handle has ended with an error, and its transaction is rolled "
                               "back. Wait for other threads before a block ends");
    }
}

void PooledConnection::watch_another(std::shared_ptr<base::Bound> bound) noexcept {
    connection().watch(bound.get());
    watched_ = std::move(bound);
}

void PooledConnection::end(std::unique_ptr<backend::Cursor> cursor) noexcept {
    if (lock_.is_mine() || lock_.move_here(std::chrono::milliseconds(0), nullptr)) return;
    const std::lock_guard lock(parked_mutex_);
    cursor->parked_behind = std::move(parked_);
    parked_ = std::move(cursor);
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::abandon() noexcept {
    const std::lock_guard lock(parked_mutex_); // against end_parked(), which sets attention_ by abandoned_
    abandoned_.store(true, std::memory_order_relaxed);
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::end_parked() noexcept {
    const std::lock_guard lock(parked_mutex_);
    while (parked_) parked_ = std::exchange(parked_->parked_behind, nullptr);
    attention_.store(abandoned_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

std::shared_ptr<ConnectionGuard> ConnectionGuard::acquire(const Database& db, const base::Bound* bound) {
    DatabaseCore& core = *DatabaseAccess::core(db);
    if (const auto& block = DatabaseAccess::block(db)) {
        if (auto pooled = block->connection()) {
            if (auto guard = locked(std::move(pooled), block.get(), bound)) return guard;
        }
    }
    return locked(core.pool().acquire(DatabaseAccess::core(db), bound), nullptr, bound);
}

bool ConnectionGuard::lock(const AtomicBlock* block, const base::Bound* bound) {
    const DatabaseCore& core = pooled_->core();
    switch (pooled_->lock().acquire(block, core.options().pool_timeout, bound)) {
    case ConnectionLock::Outcome::acquired: return locked_ = true;
    case ConnectionLock::Outcome::ended: return false;
    case ConnectionLock::Outcome::timed_out: break;
    }
    refuse_wait(core);
}

} // namespace kith::connection
