#pragma once

#include <kith/change.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::observe {

class Observers;

/// A change that waits for its COMMIT. The model must outlive it.
struct PendingChange {
    const detail::ModelInfo* model{nullptr};
    ChangeKind kind{};
    std::string key{};
    std::size_t rows{1};
    std::string_view member{}; // of the model
};

/// Keeps what this thread commits until its call has let go of the connection, so that observers can use the database:
/// they are called when the outermost delivery of the thread ends.
class ChangeDelivery {
public:
    ChangeDelivery() noexcept;
    ChangeDelivery(const ChangeDelivery&) = delete;
    ChangeDelivery& operator=(const ChangeDelivery&) = delete;
    ~ChangeDelivery();

    /// Reports changes that are committed: now, if no delivery is open on this thread.
    static void report(const std::shared_ptr<Observers>& observers, std::vector<PendingChange> changes) noexcept;

private:
    struct Batch {
        std::shared_ptr<Observers> observers;
        std::vector<PendingChange> changes;
    };

    bool is_outermost_;
    std::vector<Batch> batches_;
};

} // namespace kith::observe
