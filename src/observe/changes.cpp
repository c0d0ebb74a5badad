#include "observe/changes.hpp"

#include "observe/observers.hpp"

#include <utility>

namespace kith::observe {

namespace {

thread_local ChangeDelivery* outermost_delivery = nullptr;

} // namespace

ChangeDelivery::ChangeDelivery() noexcept : is_outermost_(outermost_delivery == nullptr) {
    if (is_outermost_) outermost_delivery = this;
}

ChangeDelivery::~ChangeDelivery() {
    if (!is_outermost_) return;
    outermost_delivery = nullptr; // what an observer writes is a call of its own
    for (const auto& [observers, changes] : batches_) observers->changed(changes);
}

void ChangeDelivery::report(const std::shared_ptr<Observers>& observers, std::vector<PendingChange> changes) noexcept {
    if (changes.empty()) return;
    if (outermost_delivery == nullptr) return observers->changed(changes);
    try {
        outermost_delivery->batches_.reserve(outermost_delivery->batches_.size() + 1);
    } catch (...) { // no memory to wait
        return observers->changed(changes);
    }
    outermost_delivery->batches_.push_back({observers, std::move(changes)});
}

} // namespace kith::observe
