#include "connection/pool.hpp"

#include "base/mutex.hpp"
#include "connection/bounded_wait.hpp"
#include "connection/pooled_connection.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::connection {

Lease::~Lease() { end(0); }

void Lease::end(ThreadNumber thread) noexcept {
    if (auto* pool = std::exchange(pool_, nullptr)) pool->give_back(std::move(connection_), spoilt_, thread);
}

Pool::Pool(backend::Driver& driver, const ConnectOptions& options)
    : driver_(&driver),
      options_(&options),
      limit_(driver.single_connection() ? 1 : options.pool_size),
      ages_(!driver.single_connection() && options.max_idle + options.max_lifetime > Clock::duration::zero()) {
    idle_.push_back({.connection = driver.open(nullptr), .since = Clock::now()});
    idle_.back().connection->number = ++opened_;
}

std::shared_ptr<PooledConnection> Pool::acquire(const std::shared_ptr<DatabaseCore>& core, const base::Bound* bound) {
    if (auto pooled = bound_connection()) return pooled;
    const ThreadNumber thread = this_thread();
    auto pooled = std::make_shared<PooledConnection>(core, lease(bound));
    const std::lock_guard lock(mutex_);
    bindings_[thread] = pooled;
    pooled->bound_to = thread;
    return pooled;
}

std::shared_ptr<PooledConnection> Pool::bound_connection() {
    const std::lock_guard lock(mutex_);
    return bound(this_thread());
}

/// An idle connection, or a new one.
Lease Pool::lease(const base::Bound* bound) {
    close_aged();
    const auto until = Clock::now() + options_->pool_timeout;
    std::unique_lock lock(mutex_);
    const auto available = [&] { return !idle_.empty() || open_ < limit_; };
    const auto left = [&] {
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()),
                        std::chrono::milliseconds(0));
    };
    while (available() ||
           wait_within(bound, came_free_, lock, left(), available, "all connections of the pool were in use")) {
        if (!idle_.empty()) {
            auto lease = take_idle(lock);
            if (lease.connection().alive()) return lease;
            lease.set_spoilt(true);
            lease.end(0);
            lock.lock();
            continue;
        }
        idle_.reserve(open_ + 1); // so that returning it cannot fail
        ++open_;
        lock.unlock();
        Lease lease(*this, nullptr);
        lease.set_connection(driver_->open(bound));
        lease.connection().watch(nullptr);
        const std::lock_guard again(mutex_);
        lease.connection().number = ++opened_;
        return lease;
    }
    throw OperationalError(fmt::format("{}: all {} connections are in use, and none became free within {} ms. End "
                                       "streams and atomic blocks sooner, or raise pool_size or pool_timeout",
                                       driver_->name(), limit_, options_->pool_timeout.count()));
}

/// The connection that was used last. Releases the mutex.
Lease Pool::take_idle(std::unique_lock<base::Mutex>& lock) {
    Lease lease(*this, std::move(idle_.back().connection));
    const bool spoilt = idle_.back().spoilt;
    idle_.pop_back();
    lock.unlock();
    if (!spoilt) return lease;
    // It contains the database, and its last user could not undo what was open.
    lease.set_spoilt(true);
    auto& connection = lease.connection();
    if (connection.in_transaction()) connection.control("ROLLBACK");
    connection.forbid_writes(false);
    lease.set_spoilt(false);
    return lease;
}

void Pool::give_back(std::unique_ptr<backend::Connection> connection, bool spoilt, ThreadNumber thread) noexcept {
    const bool good = connection != nullptr && !spoilt && connection->usable();
    if (!good && !driver_->single_connection()) connection.reset();
    {
        const std::lock_guard lock(mutex_);
        if (connection)
            idle_.push_back({.connection = std::move(connection), .since = Clock::now(), .spoilt = !good});
        else
            --open_;
        if (const auto found = bindings_.find(thread); found != bindings_.end() && found->second.expired()) {
            bindings_.erase(found);
        }
        came_free_.notify_one();
    }
    close_aged();
}

/// Must be called without the mutex: closing a connection may take a while.
void Pool::close_aged() noexcept {
    if (!ages_) return;
    while (take_aged() != nullptr) {}
}

/// An idle connection beyond its maximum age, already subtracted from the count; null if there is none.
std::unique_ptr<backend::Connection> Pool::take_aged() noexcept {
    const auto now = Clock::now();
    const auto beyond = [&](Clock::time_point since, std::chrono::milliseconds most) {
        return most > Clock::duration::zero() && now - since >= most;
    };
    const std::lock_guard lock(mutex_);
    const auto aged = std::ranges::find_if(idle_, [&](const Idle& idle) {
        return beyond(idle.since, options_->max_idle) || beyond(idle.connection->opened, options_->max_lifetime);
    });
    if (aged == idle_.end()) return nullptr;
    auto connection = std::move(aged->connection);
    idle_.erase(aged);
    --open_;
    return connection;
}

std::shared_ptr<PooledConnection> Pool::bind(const std::shared_ptr<PooledConnection>& pooled) {
    const ThreadNumber thread = this_thread();
    const std::lock_guard lock(mutex_);
    auto before = bound(thread);
    if (pooled)
        bindings_[thread] = pooled;
    else
        bindings_.erase(thread);
    return before;
}

/// Needs no memory: bind() has made the entry.
void Pool::unbind(const std::shared_ptr<PooledConnection>& before) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = bindings_.find(this_thread());
    if (found == bindings_.end()) return;
    if (before)
        found->second = before;
    else
        bindings_.erase(found);
}

void Pool::move_binding(PooledConnection& pooled) {
    const ThreadNumber thread = this_thread();
    std::shared_ptr<PooledConnection> bound_there; // released without the mutex: its last owner returns it
    const std::lock_guard lock(mutex_);
    if (pooled.bound_to == thread) return;
    // A thread with an open transaction on its connection keeps it: the statements of the thread belong inside.
    bound_there = bound(pooled.bound_to);
    if (bound_there.get() != &pooled || pooled.lock().is_reserved()) return;
    auto& here = bindings_[thread];
    const auto found = bindings_.find(pooled.bound_to);
    if (here.expired()) here = found->second;
    bindings_.erase(found);
    pooled.bound_to = thread;
}

/// The result must not be released under the mutex: its last owner returns the connection.
std::shared_ptr<PooledConnection> Pool::bound(ThreadNumber thread) const {
    const auto found = bindings_.find(thread);
    return found != bindings_.end() ? found->second.lock() : nullptr;
}

} // namespace kith::connection
