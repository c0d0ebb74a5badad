#pragma once

#include "backend/backend.hpp"
#include "connection/connection_lock.hpp"
#include "connection/thread_number.hpp"
#include "connection/transaction_stack.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace kith {
class Database;
}

namespace kith::connection {

class DatabaseCore;

/// A connection out of the pool, shared by all that its thread has open: streams, transactions, single statements. The
/// last of them gives it back, on whatever thread that happens, and a transaction left open is then rolled back.
class PooledConnection {
public:
    PooledConnection(std::shared_ptr<DatabaseCore> core, std::unique_ptr<backend::Connection> connection);
    PooledConnection(const PooledConnection&) = delete;
    PooledConnection& operator=(const PooledConnection&) = delete;
    ~PooledConnection();

    DatabaseCore& core() const noexcept { return *core_; }
    backend::Connection& connection() const noexcept { return *connection_; }
    Levels& levels() noexcept { return levels_; }
    ConnectionLock& lock() noexcept { return lock_; }
    /// The span of the innermost `atomic` block; 0 for none. Asked from any thread.
    std::uint64_t block() const noexcept { return block_.load(std::memory_order_relaxed); }
    void set_block(std::uint64_t span) noexcept { block_.store(span, std::memory_order_relaxed); }

    /// Has to precede each use of the connection under a ConnectionGuard. Does nothing while the ConnectionGuard stays
    /// on its thread; when a stream was handed to another one, moves the connection there. Throws OperationalError when
    /// the first thread goes on using it, and in an abandoned transaction.
    void enter() {
        if (!lock_.is_mine() || attention_.load(std::memory_order_relaxed)) enter_slowly();
    }
    /// Ends `cursor`, now or, where its connection is in use on another thread, when that thread uses it next.
    void end(std::unique_ptr<backend::Cursor> cursor) noexcept;

    /// The transaction's owner has left it to other threads: nothing runs in it any more, and it will be rolled back.
    void abandon() noexcept;

    /// The thread whose statements come here. Guarded by the mutex of the pool.
    ThreadNumber bound_to{0};

private:
    void enter_slowly();
    void end_parked() noexcept;

    std::shared_ptr<DatabaseCore> core_;
    std::unique_ptr<backend::Connection> connection_;
    Levels levels_;
    ConnectionLock lock_;
    std::atomic<std::uint64_t> block_{0};
    std::atomic<bool> attention_{false}; // cursors are parked, or the transaction is abandoned
    std::atomic<bool> abandoned_{false};
    std::mutex parked_mutex_;
    std::vector<std::unique_ptr<backend::Cursor>> parked_;
};

/// One user's turn on a PooledConnection: what a Session and its cursors share.
class ConnectionGuard {
public:
    /// The connection for statements of this thread through `db`: that of the transaction the handle names, that which
    /// the thread uses already, or one out of the pool. Throws OperationalError when none came free in time.
    static std::shared_ptr<ConnectionGuard> take(const Database& db);

    explicit ConnectionGuard(std::shared_ptr<PooledConnection> pooled) noexcept : pooled_(std::move(pooled)) {}
    ConnectionGuard(const ConnectionGuard&) = delete;
    ConnectionGuard& operator=(const ConnectionGuard&) = delete;
    ~ConnectionGuard() { pooled_->lock().release(); }

    PooledConnection& pooled() const noexcept { return *pooled_; }
    const std::shared_ptr<PooledConnection>& shared_pooled() const noexcept { return pooled_; }

private:
    std::shared_ptr<PooledConnection> pooled_;
};

} // namespace kith::connection
