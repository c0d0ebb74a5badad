#include "connection/transaction_stack.hpp"

#include "backend/round_trip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace kith::connection {

namespace {

/// After the end of a call's time, an undo gets a little more. A connection that needs longer is given up: the database
/// then undoes what was open.
class BriefUndo {
public:
    explicit BriefUndo(backend::Connection& connection) noexcept
        : connection_(connection),
          before_(connection.bound()),
          brief_(base::Bound::for_undo(backend::brief_time(connection.round_trip(), trips_to_end))) {
        if (before_ != nullptr && before_->over()) connection_.watch(&brief_);
    }
    BriefUndo(const BriefUndo&) = delete;
    BriefUndo& operator=(const BriefUndo&) = delete;
    ~BriefUndo() {
        if (connection_.bound() == &brief_) connection_.watch(before_);
    }

private:
    backend::Connection& connection_;
    const base::Bound* before_;
    const base::Bound brief_;
};

/// Without memory for the text of a failure, it is empty.
std::string_view reason(const std::string& failure) {
    return failure.empty() ? std::string_view("memory is exhausted") : failure;
}

bool is_transient(const std::exception& failure) noexcept {
    const auto* error = dynamic_cast<const Error*>(&failure);
    return error != nullptr && error->is_transient();
}

} // namespace

void TransactionStack::open(const TransactionOptions& options) {
    require_sound();
    const bool inside = connection_->in_transaction();
    const std::string begin = connection_->dialect().begin(!options.read_only, options.isolation);
    Savepoint savepoint;
    // A name is not used again: a savepoint by that name may still be open at the server, if its end waits to be sent.
    last_savepoint_ = inside ? last_savepoint_ + 1 : 0;
    if (inside) savepoint.name = fmt::format("kith_{}", last_savepoint_);
    // Noted before it is set: setting it may take effect and fail all the same.
    savepoint.forbids_writes = options.read_only && std::ranges::none_of(savepoints_, &Savepoint::forbids_writes);
    savepoints_.reserve(savepoints_.size() + 1);
    try {
        control(inside ? "SAVEPOINT " + savepoint.name : begin);
    } catch (...) {
        if (!inside) undo({}); // it may have begun
        throw;
    }
    savepoint.changes = changes_.size();
    savepoints_.push_back(std::move(savepoint));
    if (!savepoints_.back().forbids_writes) return;
    try {
        connection_->forbid_writes(true);
    } catch (...) {
        roll_back();
        throw;
    }
}

void TransactionStack::commit() {
    if (const auto failure = std::exchange(savepoints_.back().failure, std::nullopt)) {
        roll_back();
        throw OperationalError(fmt::format("The atomic block was rolled back, because a statement in it had failed and "
                                           "the failure was caught inside: {}. Let the exception leave the block, or "
                                           "wrap statements that may fail in an atomic block of their own",
                                           reason(failure->text)),
                               {.transient = failure->transient});
    }
    try {
        keep(savepoints_.back());
    } catch (...) {
        roll_back();
        throw;
    }
    pop();
    close_idle_snapshot();
    if (!is_open()) report_changes();
}

void TransactionStack::roll_back() noexcept {
    if (std::exchange(commits_early_, false)) {
        try {
            if (await_commit()) report_changes(); // nothing is left to undo
        } catch (...) {                           // NOLINT(bugprone-empty-catch): what led here is thrown
        }
    }
    changes_.erase(changes_.begin() +
                       static_cast<std::ptrdiff_t>(std::min(savepoints_.back().changes, changes_.size())),
                   changes_.end());
    undo(savepoints_.back());
    pop();
    try {
        close_idle_snapshot();
    } catch (...) {
        clear();
    }
}

bool TransactionStack::share_snapshot() {
    require_sound();
    if (!savepoints_.empty() || (connection_->in_transaction() && snapshot_shares_ == 0)) return false;
    if (snapshot_shares_ == 0) {
        control(connection_->dialect().snapshot());
        snapshot_open_ = true;
    }
    ++snapshot_shares_;
    return true;
}

void TransactionStack::end_snapshot() {
    --snapshot_shares_;
    close_idle_snapshot();
}

/// Ends the snapshot's transaction once nobody shares it and no savepoint is open inside it.
void TransactionStack::close_idle_snapshot() {
    if (!snapshot_open_ || snapshot_shares_ > 0 || !savepoints_.empty()) return;
    snapshot_open_ = false;
    if (!connection_->in_transaction()) return changes_.clear(); // the database has rolled back by itself
    try {
        control("COMMIT");
    } catch (...) {
        changes_.clear();
        undo({});
        throw;
    }
    report_changes();
}

void TransactionStack::note_change(observe::PendingChange change) {
    changes_.push_back(std::move(change));
    if (!is_open()) report_changes();
}

void TransactionStack::report_changes() noexcept {
    observe::ChangeDelivery::report(observers_, std::exchange(changes_, {}));
}

bool TransactionStack::end_early() noexcept {
    if (!can_end_early()) return false;
    snapshot_open_ = false;
    snapshot_shares_ = 0;
    return true;
}

void TransactionStack::finish_early_end() {
    bool committed = false;
    try {
        committed = await_commit();
    } catch (...) {
        changes_.clear();
        undo({});
        throw;
    }
    if (!committed) {
        changes_.clear();
        return undo({});
    }
    report_changes();
}

/// Waits for the COMMIT that was sent with the last statement. False if there was none.
bool TransactionStack::await_commit() {
    const bool observed = observers_->any();
    const auto start = observed ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point{};
    try {
        if (!connection_->pipeline()->finish_commit()) return false;
    } catch (const std::exception& e) {
        if (observed) report("COMMIT", start).fail(e);
        throw;
    }
    if (observed) report("COMMIT", start).finish();
    return true;
}

void TransactionStack::expect_last() noexcept {
    const bool outermost = savepoints_.size() == 1 && savepoints_.back().name.empty();
    if (!outermost || savepoints_.back().failure || connection_->pipeline() == nullptr) return;
    connection_->pipeline()->commit_with_next();
    commits_early_ = true;
}

void TransactionStack::require_sound() const {
    if (!intact_) {
        throw OperationalError("A transaction on this connection could not be rolled back, so nothing runs on it any "
                               "more. End the streams and atomic blocks of this thread: then it is closed, and the "
                               "next statement gets another one");
    }
    if (savepoints_.empty()) return;
    const auto& failure = savepoints_.back().failure;
    if (!failure) return;
    throw OperationalError(
        fmt::format("No statement can run in this atomic block any more, because one in it failed: {}. Let the "
                    "exception leave the block, or wrap statements that may fail in an atomic block of their own",
                    reason(failure->text)),
        {.transient = failure->transient});
}

void TransactionStack::note_failure(const std::exception& failure) noexcept {
    note_failure(failure.what(), is_transient(failure));
}

void TransactionStack::note_failure(const char* reason, bool transient) noexcept {
    if (savepoints_.empty()) return;
    if (connection_->in_transaction())
        savepoints_.back().poison(reason, transient);
    else
        poison_all(reason, transient);
}

void TransactionStack::poison_all(const char* reason, bool transient) noexcept {
    for (Savepoint& savepoint : savepoints_) savepoint.poison(reason, transient);
}

/// Keeps the first reason; without memory for its text, an empty one.
void TransactionStack::Savepoint::poison(const char* reason, bool transient) noexcept {
    if (failure) return;
    failure.emplace().transient = transient;
    try {
        failure->text = reason;
    } catch (const std::bad_alloc&) {} // NOLINT(bugprone-empty-catch)
}

void TransactionStack::control(std::string_view text) {
    if (!observers_->any()) return connection_->control(text);
    auto reported = report(text, std::chrono::steady_clock::now());
    try {
        connection_->control(text);
    } catch (const std::exception& e) {
        reported.fail(e);
        throw;
    }
    reported.finish();
}

observe::ControlReport TransactionStack::report(std::string_view text,
                                                std::chrono::steady_clock::time_point start) const {
    return {observers_, {.text = text, .start = start, .connection = connection_->number}, *driver_, parent_span_};
}

void TransactionStack::keep(const Savepoint& savepoint) {
    if (savepoint.name.empty()) {
        if (!std::exchange(commits_early_, false) || !await_commit()) control("COMMIT");
        return;
    }
    // A savepoint that forbade writing has no changes to keep, and only rolling back to it allows writing again.
    if (savepoint.forbids_writes) control("ROLLBACK TO SAVEPOINT " + savepoint.name);
    control("RELEASE SAVEPOINT " + savepoint.name);
}

/// Rolls back what `savepoint` opened. The database may already have rolled back the whole transaction.
void TransactionStack::undo(const Savepoint& savepoint) noexcept {
    const BriefUndo brief(*connection_);
    if (!connection_->in_transaction()) return poison_all("the database rolled back the whole transaction");
    try {
        if (savepoint.name.empty()) {
            control("ROLLBACK");
        } else {
            control("ROLLBACK TO SAVEPOINT " + savepoint.name);
            control("RELEASE SAVEPOINT " + savepoint.name);
        }
    } catch (const std::exception& e) {
        if (savepoint.name.empty())
            intact_ = false;
        else
            poison_all(e.what(), is_transient(e));
    }
}

void TransactionStack::pop() noexcept {
    const bool allow_writes = savepoints_.back().forbids_writes;
    savepoints_.pop_back();
    if (!allow_writes) return;
    try {
        connection_->forbid_writes(false);
    } catch (...) {
        intact_ = false;
    }
}

void TransactionStack::clear() noexcept {
    changes_.clear();
    while (!savepoints_.empty()) pop();
    snapshot_shares_ = 0;
    snapshot_open_ = commits_early_ = false;
    undo({});
}

} // namespace kith::connection
