#include "connection/transaction_stack.hpp"

#include "observe/span_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace kith::connection {

/// Tells observers of one piece of transaction control.
class Levels::Telling {
public:
    Telling(const Levels& levels, std::string_view text,
            std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now())
        : observers_(*levels.observers_),
          event_{.text = text, .start = start, .connection = levels.connection_->number},
          span_(observe::OpenSpan::open(levels.observers_, Span::Kind::control, levels.works_for_,
                                        [&](observe::OpenSpan& span) {
                                            span.begin_at(start);
                                            const std::string operation(text.substr(0, text.find(' ')));
                                            span.name(operation);
                                            span.set_place(levels.driver_->place());
                                            span.set("db.query.text", std::string(text));
                                            span.set("db.operation.name", operation);
                                            span.set("kith.connection", std::size_t{levels.connection_->number});
                                        })) {}

    void done() noexcept { tell(false); }
    void failed(const std::exception& error) noexcept {
        if (span_) span_->fail(error);
        tell(true);
    }

private:
    void tell(bool failed) noexcept {
        event_.duration = std::chrono::steady_clock::now() - event_.start;
        event_.failed = failed;
        observers_.control(event_);
    }

    observe::Observers& observers_;
    observe::ControlEvent event_;
    std::shared_ptr<observe::OpenSpan> span_;
};

void Levels::open(const LevelOptions& options) {
    require_sound();
    const bool inside = connection_->in_transaction();
    const std::string begin = connection_->dialect().begin(!options.read_only, options.isolation);
    Level level;
    if (inside) level.savepoint = fmt::format("kith_{}", levels_.size() + 1);
    const bool forbidden = std::ranges::any_of(levels_, &Level::forbids_writes);
    levels_.reserve(levels_.size() + 1);
    control(inside ? "SAVEPOINT " + level.savepoint : begin);
    levels_.push_back(std::move(level));
    if (!options.read_only || forbidden) return;
    try {
        connection_->forbid_writes(true);
        levels_.back().forbids_writes = true;
    } catch (...) {
        roll_back();
        throw;
    }
}

void Levels::commit() {
    if (const std::optional<std::string> reason = levels_.back().failure) {
        roll_back();
        throw OperationalError(
            fmt::format("The atomic block was rolled back, because a statement in it had failed and the "
                        "failure was caught inside: {}. Let the exception leave the block, or wrap what "
                        "may fail in an atomic of its own",
                        *reason));
    }
    try {
        keep(levels_.back());
    } catch (...) {
        roll_back();
        throw;
    }
    pop();
    close_idle_snapshot();
}

void Levels::roll_back() noexcept {
    undo(levels_.back());
    pop();
    try {
        close_idle_snapshot();
    } catch (...) {
        clear();
    }
}

bool Levels::share_snapshot() {
    require_sound();
    if (!levels_.empty() || (connection_->in_transaction() && snapshot_shares_ == 0)) return false;
    if (snapshot_shares_ == 0) {
        control(connection_->dialect().snapshot());
        snapshot_open_ = true;
    }
    ++snapshot_shares_;
    return true;
}

void Levels::end_snapshot() {
    --snapshot_shares_;
    close_idle_snapshot();
}

/// Ends the snapshot's transaction once nobody shares it and no savepoint is open inside it.
void Levels::close_idle_snapshot() {
    if (!snapshot_open_ || snapshot_shares_ > 0 || !levels_.empty()) return;
    snapshot_open_ = false;
    if (!connection_->in_transaction()) return; // the database rolled back by itself
    try {
        control("COMMIT");
    } catch (...) {
        undo({});
        throw;
    }
}

bool Levels::end_early() noexcept {
    if (!snapshot_open_ || snapshot_shares_ > 1 || !levels_.empty()) return false;
    snapshot_open_ = false;
    snapshot_shares_ = 0;
    return true;
}

void Levels::finish_early_end() {
    const bool observed = observers_->any();
    const auto start = observed ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point{};
    try {
        connection_->pipeline()->finish_commit();
    } catch (const std::exception& e) {
        if (observed) Telling(*this, "COMMIT", start).failed(e);
        undo({});
        throw;
    }
    if (connection_->in_transaction()) return undo({}); // a statement had failed: there was no COMMIT
    if (observed) Telling(*this, "COMMIT", start).done();
}

void Levels::require_sound() const {
    if (levels_.empty()) return;
    const std::optional<std::string>& failure = levels_.back().failure;
    if (!failure) return;
    throw OperationalError(
        fmt::format("Nothing runs in this atomic block any more, because a statement in it failed: {}. "
                    "Let the exception leave the block, or wrap what may fail in an atomic of its own",
                    *failure));
}

void Levels::note_failure(const Error& failure) noexcept {
    if (levels_.empty()) return;
    if (connection_->in_transaction())
        levels_.back().poison(failure.what());
    else
        condemn(failure.what());
}

void Levels::condemn(const char* reason) noexcept {
    for (Level& level : levels_) level.poison(reason);
}

/// Keeps the first reason; without memory for it, at least that there is one.
void Levels::Level::poison(const char* reason) noexcept {
    if (failure) return;
    failure.emplace();
    try {
        *failure = reason;
    } catch (const std::bad_alloc&) {} // NOLINT(bugprone-empty-catch)
}

void Levels::control(const std::string& text) {
    if (!observers_->any()) return connection_->control(text);
    Telling telling(*this, text);
    try {
        connection_->control(text);
    } catch (const std::exception& e) {
        telling.failed(e);
        throw;
    }
    telling.done();
}

void Levels::keep(const Level& level) {
    if (level.savepoint.empty()) return control("COMMIT");
    // A savepoint that forbade writing has nothing to keep, and rolling back to it is what allows writing again.
    if (level.forbids_writes) control("ROLLBACK TO SAVEPOINT " + level.savepoint);
    control("RELEASE SAVEPOINT " + level.savepoint);
}

/// Rolls back what `level` opened. The database may have done so already, and then with all that is around it.
void Levels::undo(const Level& level) noexcept {
    if (!connection_->in_transaction()) return condemn("the database rolled the whole transaction back");
    try {
        if (level.savepoint.empty()) {
            control("ROLLBACK");
        } else {
            control("ROLLBACK TO SAVEPOINT " + level.savepoint);
            control("RELEASE SAVEPOINT " + level.savepoint);
        }
    } catch (const std::exception& e) {
        if (level.savepoint.empty())
            intact_ = false;
        else
            condemn(e.what());
    }
}

void Levels::pop() noexcept {
    const bool allow_writes = levels_.back().forbids_writes;
    levels_.pop_back();
    if (!allow_writes) return;
    try {
        connection_->forbid_writes(false);
    } catch (...) {
        intact_ = false;
    }
}

void Levels::clear() noexcept {
    while (!levels_.empty()) pop();
    snapshot_shares_ = 0;
    snapshot_open_ = false;
    undo({});
}

} // namespace kith::connection
