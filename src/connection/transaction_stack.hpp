#pragma once

#include "backend/backend.hpp"
#include "observe/changes.hpp"
#include "observe/control_report.hpp"
#include "observe/observers.hpp"

#include <kith/error.hpp>
#include <kith/isolation.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::connection {

/// The round trips that the end of a transaction or a savepoint takes.
inline constexpr int trips_to_end = 2;

struct TransactionOptions {
    Isolation isolation{Isolation::standard};
    bool read_only{false};
};

/// What poisoned a block.
struct BlockFailure {
    std::string text{};
    bool transient{false}; ///< Error::is_transient()
};

/// The transaction of one connection and the savepoints inside it, as a stack.
///
/// The outermost entry is BEGIN … COMMIT, or a snapshot that only reads; the others are savepoints. A statement that
/// fails poisons the innermost entry: nothing else runs in it, and it can only be rolled back. Used by one thread at a
/// time (see ConnectionLock).
class TransactionStack {
public:
    TransactionStack(backend::Connection& connection, const backend::Driver& driver,
                     std::shared_ptr<observe::Observers> observers)
        : connection_(&connection), driver_(&driver), observers_(std::move(observers)) {}

    /// Sets the span that BEGIN, COMMIT and the like are part of from now on.
    void set_parent_span(std::uint64_t span) noexcept { parent_span_ = span; }

    /// Opens a transaction, or a savepoint inside an open one. Throws OperationalError in a poisoned savepoint.
    void open(const TransactionOptions& options);
    /// The next statement is the last one before commit(), and nothing but a failure of it will undo the transaction:
    /// COMMIT travels with it if the connection can do so. Nothing changes in a savepoint.
    void expect_last() noexcept;
    /// Ends the innermost savepoint or the transaction and keeps its changes. If it is poisoned, or keeping the changes
    /// fails, rolls it back, ends it all the same and throws.
    void commit();
    /// Ends the innermost savepoint or the transaction and undoes its changes.
    void roll_back() noexcept;

    /// Whether a transaction or a savepoint is open; a snapshot does not count.
    bool any() const noexcept { return !savepoints_.empty(); }
    /// The same with a snapshot: what is opened now is a part of that transaction.
    bool is_open() const noexcept { return any() || snapshot_open_; }

    /// Whether no block, and at most one call, has a share in the transaction, if one is open.
    bool is_of_one_call() const noexcept { return savepoints_.empty() && snapshot_shares_ <= 1; }

    /// Opens one view of the database for several reading statements: a transaction of its own, or a share in the open
    /// snapshot. False inside a transaction, which is one view already.
    bool share_snapshot();
    /// Releases a share. The last one ends the transaction with COMMIT, because another part of the same thread may
    /// have written in it. Throws what COMMIT throws.
    void end_snapshot();
    /// Whether end_early() would end the snapshot.
    bool can_end_early() const noexcept { return snapshot_open_ && snapshot_shares_ <= 1 && savepoints_.empty(); }
    /// Instead of end_snapshot(), for the only share: the COMMIT travels behind the next statements. False if the
    /// snapshot must stay open.
    bool end_early() noexcept;
    /// Checks that this COMMIT succeeded. Throws what COMMIT throws.
    void finish_early_end();

    /// Throws OperationalError with the first failure when the innermost savepoint is poisoned, and on a connection
    /// that is not intact. It is transient if the failure was.
    void require_sound() const;
    /// Poisons the innermost savepoint; all of them when the database rolled back by itself.
    void note_failure(const std::exception& failure) noexcept;
    void note_failure(const char* reason, bool transient = false) noexcept;
    /// Poisons the transaction and all savepoints: none may be kept.
    void poison_all(const char* reason, bool transient = false) noexcept;

    /// Reports a change to observers once it is committed: now, if no transaction is open.
    void note_change(observe::PendingChange change);

    /// False when a rollback failed: the connection is in an unknown state.
    bool intact() const noexcept { return intact_; }
    /// Undoes whatever is open and restores the connection to its initial state.
    void clear() noexcept;

private:
    struct Savepoint {
        std::string name{}; // empty for the transaction itself
        bool forbids_writes{false};
        std::size_t changes{0}; // noted before it
        std::optional<BlockFailure> failure{};

        void poison(const char* reason, bool transient) noexcept;
    };

    void control(std::string_view text);
    observe::ControlReport report(std::string_view text, std::chrono::steady_clock::time_point start) const;
    void keep(const Savepoint& savepoint);
    bool await_commit();
    void undo(const Savepoint& savepoint) noexcept;
    void pop() noexcept;
    void report_changes() noexcept;
    void close_idle_snapshot();

    backend::Connection* connection_;
    const backend::Driver* driver_;
    std::shared_ptr<observe::Observers> observers_;
    std::uint64_t parent_span_{0};
    std::vector<Savepoint> savepoints_;
    std::vector<observe::PendingChange> changes_; // of the open transaction
    std::uint64_t last_savepoint_{0};             // the number in the name of the last one in this transaction
    std::size_t snapshot_shares_{0};
    bool snapshot_open_{false}; // a snapshot opened the transaction
    bool commits_early_{false}; // with the last statement, if one has run since
    bool intact_{true};
};

} // namespace kith::connection
