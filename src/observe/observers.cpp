#include "observe/observers.hpp"

#include <algorithm>
#include <utility>

namespace kith::observe {

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control,
                                     ParameterValues values) {
    auto observer = std::make_shared<Observer>();
    observer->statement = std::move(statement);
    observer->control = std::move(control);
    observer->values = values;
    return add(self, observer);
}

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self, Tracer tracer) {
    auto observer = std::make_shared<Observer>();
    observer->values = tracer.parameter_values;
    observer->tracer = std::move(tracer);
    return add(self, observer);
}

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self, OnChange change) {
    auto observer = std::make_shared<Observer>();
    observer->change = std::move(change);
    return add(self, observer);
}

std::shared_ptr<void> Observers::add(const std::shared_ptr<Observers>& self,
                                     const std::shared_ptr<Observer>& observer) {
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
    // Waits for a running call on another thread.
    const std::lock_guard lock(observer->mutex);
    observer->gone = true;
}

/// To be called under the mutex.
void Observers::count() noexcept {
    const auto shows = [](const auto& observer) { return observer->values == ParameterValues::shown; };
    showing_.store(static_cast<std::size_t>(std::ranges::count_if(list_, shows)), std::memory_order_relaxed);
    const auto traces = [](const auto& observer) { return observer->tracer.ended != nullptr; };
    tracing_.store(static_cast<std::size_t>(std::ranges::count_if(list_, traces)), std::memory_order_relaxed);
    const auto changes = [](const auto& observer) { return observer->change != nullptr; };
    const auto changing = static_cast<std::size_t>(std::ranges::count_if(list_, changes));
    changing_.store(changing, std::memory_order_relaxed);
    count_.store(list_.size() - changing, std::memory_order_relaxed);
}

Observers::List Observers::current(bool of_changes) {
    const std::lock_guard lock(mutex_);
    List wanted;
    for (const auto& observer : list_) {
        if ((observer->change != nullptr) == of_changes) wanted.push_back(observer);
    }
    return wanted;
}

Observers::List Observers::tracers() {
    auto all = current();
    std::erase_if(all, [](const auto& observer) { return observer->tracer.ended == nullptr; });
    return all;
}

template <class Call>
void Observers::tell(const List& observers, const Call& call) noexcept {
    for (const auto& observer : observers) {
        try {
            const std::lock_guard lock(observer->mutex);
            if (observer->gone || observer->busy) continue;
            observer->busy = true;
            try {
                call(*observer);
            } catch (...) { // NOLINT(bugprone-empty-catch): see add()
            }
            observer->busy = false;
        } catch (...) { // NOLINT(bugprone-empty-catch): the mutex failed
        }
    }
}

template <class Call>
void Observers::tell(const Call& call, bool of_changes) noexcept {
    try {
        tell(current(of_changes), call);
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory for the list
    }
}

void Observers::statement(QueryEvent event, const Parameters& parameters) noexcept {
    const bool all_there = parameters.shown.size() == parameters.redacted.size();
    tell([&](Observer& observer) {
        if (!observer.statement) return;
        const bool show = all_there && observer.values == ParameterValues::shown;
        event.parameters = show ? &parameters.shown : &parameters.redacted;
        observer.statement(event);
    });
}

void Observers::changed(std::span<const PendingChange> changes) noexcept {
    const auto report = [&](Observer& observer) {
        for (const auto& pending : changes) {
            if (observer.gone) return; // it may end itself
            try {
                observer.change({.model = pending.model->name,
                                 .key = pending.key,
                                 .kind = pending.kind,
                                 .rows = pending.rows,
                                 .member = pending.member,
                                 .info = pending.model});
            } catch (...) { // NOLINT(bugprone-empty-catch): see add(); it receives the other changes
            }
        }
    };
    tell(report, true);
}

void Observers::control(const ControlEvent& event) noexcept {
    tell([&](Observer& observer) {
        if (observer.control) observer.control(event);
    });
}

namespace {

bool has_parameters(const Span& span) {
    return std::ranges::any_of(span.attributes, [](const auto& a) { return a.key.starts_with(query_parameter); });
}

Span without_parameters(Span span) {
    std::erase_if(span.attributes, [](const SpanAttribute& a) { return a.key.starts_with(query_parameter); });
    return span;
}

} // namespace

void Observers::started(const List& tracers, const Span& span) noexcept {
    tell(tracers, [&](Observer& observer) {
        if (!observer.tracer.started) return;
        const bool all = observer.values == ParameterValues::shown || !has_parameters(span);
        // Without a copy, in the usual case.
        if (all)
            observer.tracer.started(span);
        else
            observer.tracer.started(without_parameters(span));
    });
}

void Observers::ended(const List& tracers, const Span& span) noexcept {
    tell(tracers, [&](Observer& observer) {
        const bool all = observer.values == ParameterValues::shown || !has_parameters(span);
        if (all)
            observer.tracer.ended(span);
        else
            observer.tracer.ended(without_parameters(span));
    });
}

} // namespace kith::observe
