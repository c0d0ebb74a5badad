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
std::shared_ptr<ConnectionGuard> locked(std::shared_ptr<PooledConnection> pooled, const AtomicBlock* through) {
    auto guard = std::make_shared<ConnectionGuard>(std::move(pooled));
    return guard->lock(through) ? std::move(guard) : nullptr;
}

} // namespace

PooledConnection::PooledConnection(std::shared_ptr<DatabaseCore> core, Lease lease)
    : core_(std::move(core)),
      lease_(std::move(lease)),
      transactions_(lease_.connection(), core_->driver(), core_->shared_observers()) {}

PooledConnection::~PooledConnection() {
    end_parked();
    transactions_.clear();
    lease_.set_spoilt(!transactions_.intact());
    lease_.end(bound_to);
}

void PooledConnection::enter_slowly() {
    if (!lock_.is_mine()) {
        if (!lock_.move_here(core_->options().pool_timeout)) refuse_wait(*core_);
        is_moved_ = true;
        attention_.store(true, std::memory_order_relaxed); // until all of this has succeeded
    }
    if (is_moved_) core_->pool().move_binding(*this);
    is_moved_ = false;
    end_parked();
    if (abandoned_.load(std::memory_order_relaxed)) {
        throw OperationalError("The atomic block of this handle has ended with an error, and its transaction is rolled "
                               "back. Wait for other threads before a block ends");
    }
}

void PooledConnection::end(std::unique_ptr<backend::Cursor> cursor) noexcept {
    if (lock_.is_mine() || lock_.move_here(std::chrono::milliseconds(0))) return;
    const std::lock_guard lock(parked_mutex_);
    cursor->parked_behind = std::move(parked_);
    parked_ = std::move(cursor);
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::abandon() noexcept {
    abandoned_.store(true, std::memory_order_relaxed);
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::end_parked() noexcept {
    const std::lock_guard lock(parked_mutex_);
    while (parked_) parked_ = std::exchange(parked_->parked_behind, nullptr);
    attention_.store(abandoned_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

std::shared_ptr<ConnectionGuard> ConnectionGuard::acquire(const Database& db) {
    DatabaseCore& core = *DatabaseAccess::core(db);
    if (const auto& block = DatabaseAccess::block(db)) {
        if (auto pooled = block->connection()) {
            if (auto guard = locked(std::move(pooled), block.get())) return guard;
        }
    }
    return locked(core.pool().acquire(DatabaseAccess::core(db)), nullptr);
}

bool ConnectionGuard::lock(const AtomicBlock* block) {
    const DatabaseCore& core = pooled_->core();
    switch (pooled_->lock().acquire(block, core.options().pool_timeout)) {
    case ConnectionLock::Outcome::acquired: return locked_ = true;
    case ConnectionLock::Outcome::ended: return false;
    case ConnectionLock::Outcome::timed_out: break;
    }
    refuse_wait(core);
}

} // namespace kith::connection
