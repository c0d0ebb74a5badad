#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace kith::connection {

class Lease;

/// What the handle of an `atomic` block names. Handles may outlive the block; they then know that it is over.
class Transaction {
public:
    explicit Transaction(std::weak_ptr<Lease> lease) : lease_(std::move(lease)) {}

    /// The connection of the block, null once the block has ended.
    std::shared_ptr<Lease> lease() const {
        const std::lock_guard lock(mutex_);
        return lease_.lock();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        lease_.reset();
    }

private:
    mutable std::mutex mutex_;
    std::weak_ptr<Lease> lease_;
};

} // namespace kith::connection
