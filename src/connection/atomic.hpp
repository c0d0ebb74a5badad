#pragma once

#include "base/mutex.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace kith::connection {

class PooledConnection;

/// The `atomic` block that a Database handle belongs to. Handles may outlive their block, and then know that it has
/// ended.
class AtomicBlock {
public:
    explicit AtomicBlock(std::weak_ptr<PooledConnection> connection) : connection_(std::move(connection)) {}

    /// The connection of the block; null once the block has ended.
    std::shared_ptr<PooledConnection> connection() const {
        const std::lock_guard lock(mutex_);
        return connection_.lock();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        connection_.reset();
    }

private:
    mutable base::Mutex mutex_;
    std::weak_ptr<PooledConnection> connection_;
};

} // namespace kith::connection
