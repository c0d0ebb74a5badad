#include "database/observers.hpp"

#include <algorithm>
#include <utility>

namespace kith::database {

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control,
                                     ParameterValues values) {
    auto observer = std::make_shared<Observer>(std::move(statement), std::move(control), values);
    {
        const std::lock_guard lock(self->mutex_);
        self->list_.push_back(observer);
        self->count();
    }
    Observer* const address = observer.get();
    return {address, [self, observer](void*) { self->remove(observer); }};
}

void Observers::remove(const std::shared_ptr<Observer>& observer) noexcept {
    {
        const std::lock_guard lock(mutex_);
        std::erase(list_, observer);
        count();
    }
    // Waits for a call that another thread is in.
    const std::lock_guard lock(observer->mutex);
    observer->gone = true;
}

/// To be called under the mutex.
void Observers::count() noexcept {
    const auto shows = [](const auto& observer) { return observer->values == ParameterValues::shown; };
    showing_.store(static_cast<std::size_t>(std::ranges::count_if(list_, shows)), std::memory_order_relaxed);
    count_.store(list_.size(), std::memory_order_relaxed);
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

void Observers::statement(QueryEvent event, const Parameters& parameters) noexcept {
    const bool all_there = parameters.shown.size() == parameters.redacted.size();
    tell([&](Observer& observer) {
        const bool show = all_there && observer.values == ParameterValues::shown;
        event.parameters = show ? &parameters.shown : &parameters.redacted;
        observer.statement(event);
    });
}

void Observers::control(const ControlEvent& event) noexcept {
    tell([&](Observer& observer) {
        if (observer.control) observer.control(event);
    });
}

} // namespace kith::database
