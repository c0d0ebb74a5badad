#include "database/pool.hpp"

#include "database/lease.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::database {

Pool::Pool(backend::Driver& driver, const ConnectOptions& options)
    : driver_(&driver), options_(&options), limit_(driver.single_connection() ? 1 : options.pool_size) {
    idle_.push_back(driver.open());
    idle_.back()->number = ++opened_;
}

std::shared_ptr<Lease> Pool::lease(const std::shared_ptr<DatabaseCore>& core) {
    if (auto lease = bound_lease()) return lease;
    const ThreadNumber thread = this_thread();
    auto lease = std::make_shared<Lease>(core, connection());
    const std::lock_guard lock(mutex_);
    bindings_[thread] = lease;
    lease->bound_to = thread;
    return lease;
}

std::shared_ptr<Lease> Pool::bound_lease() {
    const std::lock_guard lock(mutex_);
    return bound(this_thread());
}

std::unique_ptr<backend::Connection> Pool::connection() {
    std::unique_lock lock(mutex_);
    const auto available = [&] { return !idle_.empty() || open_ < limit_; };
    if (!came_free_.wait_for(lock, options_->pool_timeout, available)) {
        throw OperationalError(fmt::format("{}: all {} connections are in use, and none came free within {} ms. End "
                                           "streams and atomic blocks sooner, or raise pool_size or pool_timeout",
                                           driver_->name(), limit_, options_->pool_timeout.count()));
    }
    std::vector<std::unique_ptr<backend::Connection>> dead; // closed without the mutex
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->alive()) return connection;
        dead.push_back(std::move(connection));
        --open_;
    }
    idle_.reserve(open_ + 1); // so that giving it back cannot fail
    ++open_;
    lock.unlock();
    return open();
}

std::unique_ptr<backend::Connection> Pool::open() {
    try {
        auto connection = driver_->open();
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
    const std::lock_guard lock(mutex_);
    if (connection)
        idle_.push_back(std::move(connection));
    else
        --open_;
    if (const auto found = bindings_.find(thread); found != bindings_.end() && found->second.expired()) {
        bindings_.erase(found);
    }
    came_free_.notify_one();
}

std::shared_ptr<Lease> Pool::bind(const std::shared_ptr<Lease>& lease) {
    const ThreadNumber thread = this_thread();
    const std::lock_guard lock(mutex_);
    auto before = bound(thread);
    if (lease)
        bindings_[thread] = lease;
    else
        bindings_.erase(thread);
    return before;
}

void Pool::move_binding(Lease& lease) {
    const ThreadNumber thread = this_thread();
    const std::lock_guard lock(mutex_);
    // A thread that has a transaction open on the connection keeps it: its statements belong inside.
    const auto found = bindings_.find(lease.bound_to);
    if (found == bindings_.end() || found->second.lock().get() != &lease || lease.turn().is_reserved()) return;
    auto& here = bindings_[thread];
    if (here.expired()) here = bindings_[lease.bound_to];
    bindings_.erase(lease.bound_to);
    lease.bound_to = thread;
}

/// Not to be dropped under the mutex: the last owner of a lease gives back its connection.
std::shared_ptr<Lease> Pool::bound(ThreadNumber thread) const {
    const auto found = bindings_.find(thread);
    return found != bindings_.end() ? found->second.lock() : nullptr;
}

} // namespace kith::database
