#pragma once

#include "backend/backend.hpp"
#include "connection/thread_number.hpp"

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

/// The connections of a Database, opened when they are first needed, and which thread has which.
///
/// Connections beyond max_idle or max_lifetime are closed when one is given out or comes back, whoever had it: no
/// thread of the pool's own watches them.
class Pool {
public:
    /// Opens one connection. Throws OperationalError when that fails, ValueError for a pool of none.
    Pool(backend::Driver& driver, const ConnectOptions& options);

    /// The pooled that this thread has already, or a new one. Waits for a connection up to pool_timeout, then throws
    /// OperationalError; throws too when one cannot be opened.
    std::shared_ptr<PooledConnection> acquire(const std::shared_ptr<DatabaseCore>& core);
    /// The pooled that this thread has already; else null.
    std::shared_ptr<PooledConnection> bound_connection();
    /// Takes a connection back that was bound to `thread`. An unusable one is closed, unless the database
    /// is inside it.
    void give_back(std::unique_ptr<backend::Connection> connection, bool usable, ThreadNumber thread) noexcept;

    /// Makes statements of this thread go to `pooled`. Gives what they went to before, for the next call.
    std::shared_ptr<PooledConnection> bind(const std::shared_ptr<PooledConnection>& pooled);
    /// Makes this thread the one that `pooled` is bound to, where a stream was handed over.
    void move_binding(PooledConnection& pooled);

private:
    using Bindings = std::unordered_map<ThreadNumber, std::weak_ptr<PooledConnection>>;
    using Clock = std::chrono::steady_clock;

    struct Idle {
        std::unique_ptr<backend::Connection> connection;
        Clock::time_point since; // nobody has used it
    };

    std::shared_ptr<PooledConnection> bound(ThreadNumber thread) const;
    std::unique_ptr<backend::Connection> connection();
    std::unique_ptr<backend::Connection> open();
    void close_aged() noexcept;
    std::unique_ptr<backend::Connection> take_aged() noexcept;

    backend::Driver* driver_;
    const ConnectOptions* options_;
    std::size_t limit_;
    bool ages_; // connections are closed for their age
    std::mutex mutex_;
    std::condition_variable came_free_;
    std::vector<Idle> idle_; // that which was used last at the end
    std::size_t open_{1};
    std::uint32_t opened_{0}; // since the beginning
    Bindings bindings_;
};

} // namespace kith::connection
