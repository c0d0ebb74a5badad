#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace kith::connection {

class PooledConnection;

/// What the handle of an `atomic` block names. Handles may outlive the block; they then know that it is over.
class Transaction {
public:
    explicit Transaction(std::weak_ptr<PooledConnection> pooled) : pooled_(std::move(pooled)) {}

    /// The connection of the block, null once the block has ended.
    std::shared_ptr<PooledConnection> pooled() const {
        const std::lock_guard lock(mutex_);
        return pooled_.lock();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        pooled_.reset();
    }

private:
    mutable std::mutex mutex_;
    std::weak_ptr<PooledConnection> pooled_;
};

} // namespace kith::connection
