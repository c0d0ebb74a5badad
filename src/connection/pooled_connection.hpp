#pragma once

#include "backend/backend.hpp"
#include "base/bound.hpp"
#include "base/mutex.hpp"
#include "connection/connection_lock.hpp"
#include "connection/pool.hpp"
#include "connection/transaction_stack.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace kith {
class Database;
}

namespace kith::connection {

class DatabaseCore;

/// A connection from the pool, shared by everything that its thread has open: streams, transactions, single statements.
/// The last owner returns it to the pool, from any thread; a transaction left open is then rolled back.
class PooledConnection {
public:
    PooledConnection(std::shared_ptr<DatabaseCore> core, Lease lease);
    PooledConnection(const PooledConnection&) = delete;
    PooledConnection& operator=(const PooledConnection&) = delete;
    ~PooledConnection();

    DatabaseCore& core() const noexcept { return *core_; }
    backend::Connection& connection() const noexcept { return lease_.connection(); }
    TransactionStack& transactions() noexcept { return transactions_; }
    ConnectionLock& lock() noexcept { return lock_; }
    /// The span of the innermost `atomic` block; 0 for none. Safe from any thread.
    std::uint64_t block_span() const noexcept { return block_span_.load(std::memory_order_relaxed); }
    void set_block_span(std::uint64_t span) noexcept { block_span_.store(span, std::memory_order_relaxed); }

    /// Must precede each use of the connection under a ConnectionGuard. Does nothing while the guard is on its thread
    /// and the same `bound` applies; when a stream was handed to another thread, moves the connection there. Throws
    /// OperationalError when the first thread keeps using it, and in an abandoned transaction.
    void enter(const std::shared_ptr<base::Bound>& bound) {
        if (!lock_.is_mine() || attention_.load(std::memory_order_relaxed) || watched_ != bound) enter_slowly(bound);
    }
    /// Lets the connection be bounded by `bound` alone. The lock must be held.
    void watch(const std::shared_ptr<base::Bound>& bound) noexcept {
        if (watched_ != bound) watch_another(bound);
    }
    /// What bounds the innermost `atomic` block; null for nothing. Guarded by the lock of the connection.
    const std::shared_ptr<base::Bound>& block_bound() const noexcept { return block_bound_; }
    void set_block_bound(std::shared_ptr<base::Bound> bound) noexcept { block_bound_ = std::move(bound); }
    /// Ends `cursor`: now, or, while another thread uses the connection, when that thread uses it next.
    void end(std::unique_ptr<backend::Cursor> cursor) noexcept;

    /// The owner of the transaction has left it to other threads: nothing runs in it any more, and it will be rolled
    /// back.
    void abandon() noexcept;

    /// The thread whose statements use this connection. Guarded by the mutex of the pool.
    ThreadNumber bound_to{0};

private:
    void enter_slowly(const std::shared_ptr<base::Bound>& bound);
    void watch_another(std::shared_ptr<base::Bound> bound) noexcept;
    void end_parked() noexcept;

    std::shared_ptr<DatabaseCore> core_;
    Lease lease_;
    TransactionStack transactions_;
    ConnectionLock lock_;
    std::atomic<std::uint64_t> block_span_{0};
    std::atomic<bool> attention_{false}; // cursors are parked, or the transaction is abandoned
    std::atomic<bool> abandoned_{false};
    std::shared_ptr<base::Bound> watched_; // by the connection
    std::shared_ptr<base::Bound> block_bound_;
    bool is_moved_{false}; // to a thread that it is not bound to yet; guarded by the lock
    base::Mutex parked_mutex_;
    std::unique_ptr<backend::Cursor> parked_; // and those parked behind it
};

/// Holds the lock of a PooledConnection; shared by a Session and its cursors. Exists before the lock is taken, so that
/// a lock that was taken is always released.
class ConnectionGuard {
public:
    /// Locks the connection for statements of this thread through `db`: the connection of the block whose handle `db`
    /// is, the one that the thread already uses, or one from the pool. Throws OperationalError after pool_timeout, and
    /// when `bound`, which may be null, is over.
    static std::shared_ptr<ConnectionGuard> acquire(const Database& db, const base::Bound* bound);

    /// Holds no lock yet.
    explicit ConnectionGuard(std::shared_ptr<PooledConnection> pooled) noexcept : pooled_(std::move(pooled)) {}
    ConnectionGuard(const ConnectionGuard&) = delete;
    ConnectionGuard& operator=(const ConnectionGuard&) = delete;
    ~ConnectionGuard() {
        if (locked_) pooled_->lock().release();
    }

    /// Takes the lock, through the handle of `block` if it is not null. False if that block has ended. Throws
    /// OperationalError after pool_timeout, and what `bound` throws, which may be null. Needs no memory.
    bool lock(const AtomicBlock* block, const base::Bound* bound);

    PooledConnection& pooled() const noexcept { return *pooled_; }
    const std::shared_ptr<PooledConnection>& shared() const noexcept { return pooled_; }
    /// The number of Snapshots that whoever has this guard has open.
    std::size_t snapshots{0};

private:
    std::shared_ptr<PooledConnection> pooled_;
    bool locked_{false};
};

} // namespace kith::connection
