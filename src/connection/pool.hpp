#pragma once

#include "backend/backend.hpp"
#include "base/condition.hpp"
#include "base/mutex.hpp"
#include "connection/connection_lock.hpp"

#include <kith/connect_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kith::connection {

class DatabaseCore;
class Pool;
class PooledConnection;

/// One of the places that a Pool has for connections, with the connection in it. Its end gives both back, so that no
/// failure after the place was taken can lose it. The Pool must live longer.
class Lease {
public:
    Lease(Pool& pool, std::unique_ptr<backend::Connection> connection) noexcept
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          connection_(std::move(other.connection_)),
          spoilt_(other.spoilt_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    backend::Connection& connection() const noexcept { return *connection_; }
    void set_connection(std::unique_ptr<backend::Connection> connection) noexcept {
        connection_ = std::move(connection);
    }
    /// Whether the connection must not be used as it is, because something that was left open could not be undone.
    void set_spoilt(bool spoilt) noexcept { spoilt_ = spoilt; }
    /// Gives the place back now.
    void end(ThreadNumber thread) noexcept;

private:
    Pool* pool_; // null once it has ended
    std::unique_ptr<backend::Connection> connection_;
    bool spoilt_{false};
};

/// The connections of a Database, opened on demand, and which thread uses which.
///
/// Connections older than max_idle or max_lifetime are closed whenever a connection is acquired or returned: the pool
/// has no thread of its own.
class Pool {
public:
    /// Opens one connection. Throws OperationalError if that fails, ValueError for an empty pool.
    Pool(backend::Driver& driver, const ConnectOptions& options);

    /// The connection that this thread already uses, or an idle or new one. Throws OperationalError after pool_timeout,
    /// if a connection cannot be opened, or when `bound`, which may be null, is over.
    std::shared_ptr<PooledConnection> acquire(const std::shared_ptr<DatabaseCore>& core, const base::Bound* bound);
    /// The connection that this thread already uses; null if none.
    std::shared_ptr<PooledConnection> bound_connection();
    /// Takes back the place of a connection that was bound to `thread`. The connection may be null. One that is spoilt
    /// or no longer usable is closed, unless it contains the database itself: then it is restored before its next use.
    void give_back(std::unique_ptr<backend::Connection> connection, bool spoilt, ThreadNumber thread) noexcept;

    /// Makes statements of this thread use `pooled`. Returns the connection that they used before.
    std::shared_ptr<PooledConnection> bind(const std::shared_ptr<PooledConnection>& pooled);
    /// Undoes a bind() of this thread, which returned `before`.
    void unbind(const std::shared_ptr<PooledConnection>& before) noexcept;
    /// Binds `pooled` to this thread, after a stream was handed over.
    void move_binding(PooledConnection& pooled);

private:
    using Bindings = std::unordered_map<ThreadNumber, std::weak_ptr<PooledConnection>>;
    using Clock = std::chrono::steady_clock;

    struct Idle {
        std::unique_ptr<backend::Connection> connection;
        Clock::time_point since; // when its last use ended
        bool spoilt{false};
    };

    std::shared_ptr<PooledConnection> bound(ThreadNumber thread) const;
    Lease lease(const base::Bound* bound);
    Lease take_idle(std::unique_lock<base::Mutex>& lock);
    void close_aged() noexcept;
    std::unique_ptr<backend::Connection> take_aged() noexcept;

    backend::Driver* driver_;
    const ConnectOptions* options_;
    std::size_t limit_;
    bool ages_; // connections are closed for their age
    base::Mutex mutex_;
    base::Condition came_free_;
    std::vector<Idle> idle_; // the last used one at the end; has room for all that are open
    std::size_t open_{1};
    std::uint32_t opened_{0}; // in total
    Bindings bindings_;
};

} // namespace kith::connection
