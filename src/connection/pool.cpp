#include "connection/pool.hpp"

#include "connection/bounded_wait.hpp"
#include "connection/pooled_connection.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::connection {

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
    auto pooled = std::make_shared<PooledConnection>(core, connection(bound));
    const std::lock_guard lock(mutex_);
    bindings_[thread] = pooled;
    pooled->bound_to = thread;
    return pooled;
}

std::shared_ptr<PooledConnection> Pool::bound_connection() {
    const std::lock_guard lock(mutex_);
    return bound(this_thread());
}

std::unique_ptr<backend::Connection> Pool::connection(const base::Bound* bound) {
    close_aged();
    std::unique_lock lock(mutex_);
    const auto available = [&] { return !idle_.empty() || open_ < limit_; };
    if (!wait_within(bound, came_free_, lock, options_->pool_timeout, available,
                     "all connections of the pool were in use")) {
        throw OperationalError(fmt::format("{}: all {} connections are in use, and none became free within {} ms. End "
                                           "streams and atomic blocks sooner, or raise pool_size or pool_timeout",
                                           driver_->name(), limit_, options_->pool_timeout.count()));
    }
    std::vector<std::unique_ptr<backend::Connection>> dead; // closed without the mutex
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back().connection);
        idle_.pop_back();
        if (connection->alive()) return connection;
        dead.push_back(std::move(connection));
        --open_;
    }
    idle_.reserve(open_ + 1); // so that returning it cannot fail
    ++open_;
    lock.unlock();
    return open(bound);
}

std::unique_ptr<backend::Connection> Pool::open(const base::Bound* bound) {
    try {
        auto connection = driver_->open(bound);
        connection->watch(nullptr);
        const std::lock_guard lock(mutex_);
        connection->number = ++opened_;
        return connection;
    } catch (...) {
        const std::lock_guard lock(mutex_);
        --open_;
        came_free_.notify_one();
        throw;
    }
}

void Pool::give_back(std::unique_ptr<backend::Connection> connection, bool usable, ThreadNumber thread) noexcept {
    if (!usable && !driver_->single_connection()) connection.reset();
    {
        const std::lock_guard lock(mutex_);
        if (connection)
            idle_.push_back({.connection = std::move(connection), .since = Clock::now()});
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

void Pool::move_binding(PooledConnection& pooled) {
    const ThreadNumber thread = this_thread();
    const std::lock_guard lock(mutex_);
    // A thread with an open transaction on its connection keeps it: the statements of the thread belong inside.
    const auto found = bindings_.find(pooled.bound_to);
    if (found == bindings_.end() || found->second.lock().get() != &pooled || pooled.lock().is_reserved()) return;
    auto& here = bindings_[thread];
    if (here.expired()) here = bindings_[pooled.bound_to];
    bindings_.erase(pooled.bound_to);
    pooled.bound_to = thread;
}

/// The result must not be released under the mutex: its last owner returns the connection.
std::shared_ptr<PooledConnection> Pool::bound(ThreadNumber thread) const {
    const auto found = bindings_.find(thread);
    return found != bindings_.end() ? found->second.lock() : nullptr;
}

} // namespace kith::connection
