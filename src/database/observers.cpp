#include "database/observers.hpp"

#include <algorithm>
#include <utility>

namespace kith::database {

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control) {
    auto observer = std::make_shared<Observer>(std::move(statement), std::move(control));
    {
        const std::lock_guard lock(self->mutex_);
        self->list_.push_back(observer);
        self->count_.store(self->list_.size(), std::memory_order_relaxed);
    }
    Observer* const address = observer.get();
    return {address, [self, observer](void*) { self->remove(observer); }};
}

void Observers::remove(const std::shared_ptr<Observer>& observer) noexcept {
    {
        const std::lock_guard lock(mutex_);
        std::erase(list_, observer);
        count_.store(list_.size(), std::memory_order_relaxed);
    }
    // Waits for a call that another thread is in.
    const std::lock_guard lock(observer->mutex);
    observer->gone = true;
}

Observers::List Observers::current() {
    const std::lock_guard lock(mutex_);
    return list_;
}

template <class Call>
void Observers::tell(const Call& call) noexcept {
    try {
        for (const auto& observer : current()) {
            const std::lock_guard lock(observer->mutex);
            if (observer->gone || observer->busy) continue;
            observer->busy = true;
            try {
                call(*observer);
            } catch (...) { // NOLINT(bugprone-empty-catch): see add()
            }
            observer->busy = false;
        }
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory for the list
    }
}

void Observers::statement(const QueryEvent& event) noexcept {
    tell([&](Observer& observer) { observer.statement(event); });
}

void Observers::control(std::string_view text) noexcept {
    tell([&](Observer& observer) {
        if (observer.control) observer.control(text);
    });
}

} // namespace kith::database
