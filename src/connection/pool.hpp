#pragma once

#include "backend/backend.hpp"
#include "connection/connection_lock.hpp"

#include <kith/connect_options.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace kith::connection {

class DatabaseCore;
class PooledConnection;

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
    /// Takes back a connection that was bound to `thread`. An unusable one is closed, unless it contains the database
    /// itself.
    void give_back(std::unique_ptr<backend::Connection> connection, bool usable, ThreadNumber thread) noexcept;

    /// Makes statements of this thread use `pooled`. Returns the connection that they used before.
    std::shared_ptr<PooledConnection> bind(const std::shared_ptr<PooledConnection>& pooled);
    /// Binds `pooled` to this thread, after a stream was handed over.
    void move_binding(PooledConnection& pooled);

private:
    using Bindings = std::unordered_map<ThreadNumber, std::weak_ptr<PooledConnection>>;
    using Clock = std::chrono::steady_clock;

    struct Idle {
        std::unique_ptr<backend::Connection> connection;
        Clock::time_point since; // when its last use ended
    };

    std::shared_ptr<PooledConnection> bound(ThreadNumber thread) const;
    std::unique_ptr<backend::Connection> connection(const base::Bound* bound);
    std::unique_ptr<backend::Connection> open(const base::Bound* bound);
    void close_aged() noexcept;
    std::unique_ptr<backend::Connection> take_aged() noexcept;

    backend::Driver* driver_;
    const ConnectOptions* options_;
    std::size_t limit_;
    bool ages_; // connections are closed for their age
    std::mutex mutex_;
    std::condition_variable came_free_;
    std::vector<Idle> idle_; // the last used one at the end
    std::size_t open_{1};
    std::uint32_t opened_{0}; // in total
    Bindings bindings_;
};

} // namespace kith::connection
