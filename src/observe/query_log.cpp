#include "base/mutex.hpp"
#include "observe/observers.hpp"

#include <kith/query_log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace kith {

struct QueryLog::State {
    base::Mutex mutex;
    std::vector<Entry> entries;
    std::vector<std::uint64_t> numbers; // of the entries, ascending
    std::vector<ControlEntry> control;

    void add(const QueryEvent& event) {
        Entry entry{.sql = std::string(event.sql),
                    .parameters = *event.parameters,
                    .duration = event.duration,
                    .rows = event.rows,
                    .lookup = std::string(event.lookup),
                    .start = event.start,
                    .bytes = event.bytes,
                    .parameter_bytes = event.parameter_bytes,
                    .connection = event.connection,
                    .evaluation = event.evaluation,
                    .file = event.where.file_name(),
                    .line = static_cast<std::uint32_t>(event.where.line()),
                    .failed = event.failed};
        const std::lock_guard lock(mutex);
        // A stream's statement ends long after those of its chunks, but began before them.
        const auto place = std::ranges::upper_bound(numbers, event.number) - numbers.begin();
        numbers.insert(numbers.begin() + place, event.number);
        try {
            entries.insert(entries.begin() + place, std::move(entry));
        } catch (...) {
            numbers.erase(numbers.begin() + place);
            throw;
        }
    }

    void add_control(const observe::ControlEvent& event) {
        const std::lock_guard lock(mutex);
        control.push_back({.sql = std::string(event.text),
                           .start = event.start,
                           .duration = event.duration,
                           .connection = event.connection,
                           .failed = event.failed});
    }
};

QueryLog::QueryLog(const std::shared_ptr<observe::Observers>& observers, const QueryLogOptions& options)
    : state_(std::make_shared<State>()) {
    token_ = observe::Observers::add(
        observers, [state = state_](const QueryEvent& event) { state->add(event); },
        [state = state_](const observe::ControlEvent& event) { state->add_control(event); }, options.parameter_values);
}

QueryLog::~QueryLog() = default;

std::size_t QueryLog::size() const {
    const std::lock_guard lock(state_->mutex);
    return state_->entries.size();
}

QueryLog::Entry QueryLog::operator[](std::size_t index) const {
    const std::lock_guard lock(state_->mutex);
    if (index < state_->entries.size()) return state_->entries[index];
    throw ValueError(
        fmt::format("Statement {} was requested, but the log has {}: the first is 0", index, state_->entries.size()));
}

std::vector<QueryLog::Entry> QueryLog::entries() const {
    const std::lock_guard lock(state_->mutex);
    return state_->entries;
}

std::vector<std::string> QueryLog::transaction_control() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<std::string> texts;
    for (const auto& entry : state_->control) {
        if (!entry.failed) texts.push_back(entry.sql);
    }
    return texts;
}

std::vector<QueryLog::ControlEntry> QueryLog::control_entries() const {
    const std::lock_guard lock(state_->mutex);
    return state_->control;
}

void QueryLog::clear() {
    const std::lock_guard lock(state_->mutex);
    state_->entries.clear();
    state_->numbers.clear();
    state_->control.clear();
}

} // namespace kith
