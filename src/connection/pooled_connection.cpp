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
std::shared_ptr<ConnectionGuard> lock(const DatabaseCore& core, std::shared_ptr<PooledConnection> pooled,
                                      const AtomicBlock* through, const base::Bound* bound) {
    switch (pooled->lock().acquire(through, core.options().pool_timeout, bound)) {
    case ConnectionLock::Outcome::acquired: return std::make_shared<ConnectionGuard>(std::move(pooled));
    case ConnectionLock::Outcome::ended: return nullptr;
    case ConnectionLock::Outcome::timed_out: break;
    }
    refuse_wait(core);
}

} // namespace

PooledConnection::PooledConnection(std::shared_ptr<DatabaseCore> core, std::unique_ptr<backend::Connection> connection)
    : core_(std::move(core)),
      connection_(std::move(connection)),
      transactions_(*connection_, core_->driver(), core_->shared_observers()) {}

PooledConnection::~PooledConnection() {
    watch(nullptr);
    end_parked();
    transactions_.clear();
    const bool usable = connection_->usable() && transactions_.intact();
    core_->pool().give_back(std::move(connection_), usable, bound_to);
}

void PooledConnection::enter_slowly(const std::shared_ptr<base::Bound>& bound) {
    if (!lock_.is_mine()) {
        if (!lock_.move_here(core_->options().pool_timeout, bound.get())) refuse_wait(*core_);
        core_->pool().move_binding(*this);
    }
    if (watched_ != bound) watch(bound);
    end_parked();
    if (abandoned_.load(std::memory_order_relaxed)) {
        throw OperationalError("The atomic block of this handle has ended with an error, and its transaction is rolled "
                               "back. Wait for other threads before a block ends");
    }
}

void PooledConnection::watch(std::shared_ptr<base::Bound> bound) noexcept {
    connection_->watch(bound.get());
    watched_ = std::move(bound);
}

void PooledConnection::end(std::unique_ptr<backend::Cursor> cursor) noexcept {
    if (lock_.is_mine() || lock_.move_here(std::chrono::milliseconds(0), nullptr)) return;
    const std::lock_guard lock(parked_mutex_);
    parked_.push_back(std::move(cursor));
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::abandon() noexcept {
    abandoned_.store(true, std::memory_order_relaxed);
    attention_.store(true, std::memory_order_relaxed);
}

void PooledConnection::end_parked() noexcept {
    const std::lock_guard lock(parked_mutex_);
    parked_.clear();
    attention_.store(abandoned_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

std::shared_ptr<ConnectionGuard> ConnectionGuard::acquire(const Database& db, const base::Bound* bound) {
    DatabaseCore& core = *DatabaseAccess::core(db);
    if (const auto& block = DatabaseAccess::block(db)) {
        if (auto pooled = block->connection()) {
            if (auto guard = lock(core, std::move(pooled), block.get(), bound)) return guard;
        }
    }
    return lock(core, core.pool().acquire(DatabaseAccess::core(db), bound), nullptr, bound);
}

} // namespace kith::connection
