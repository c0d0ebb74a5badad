#pragma once

#include "backend/backend.hpp"
#include "observe/observers.hpp"

#include <kith/error.hpp>
#include <kith/isolation.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kith::connection {

/// What a level of a transaction is opened for.
struct LevelOptions {
    Isolation isolation{Isolation::standard};
    bool read_only{false};
};

/// The transaction of one connection, and the savepoints inside it: a stack of levels.
///
/// The outermost level is BEGIN and COMMIT, or a snapshot that only reads; those inside are savepoints. A statement
/// that fails poisons the innermost level: nothing else runs in it, and it can only be rolled back. Used by one thread
/// at a time (see ConnectionLock).
class Levels {
public:
    Levels(backend::Connection& connection, const backend::Driver& driver,
           std::shared_ptr<observe::Observers> observers)
        : connection_(&connection), driver_(&driver), observers_(std::move(observers)) {}

    /// The span that transaction control is part of from now on.
    void works_for(std::uint64_t span) noexcept { works_for_ = span; }

    /// Opens a transaction, or a savepoint where one is open. Throws OperationalError in a poisoned level.
    void open(const LevelOptions& options);
    /// Ends the innermost level with its changes kept. When it was poisoned, or keeping them fails, it is rolled back,
    /// ended all the same, and the failure thrown.
    void commit();
    /// Ends the innermost level with its changes undone.
    void roll_back() noexcept;

    /// Whether a transaction or a savepoint is open; a snapshot does not count.
    bool any() const noexcept { return !levels_.empty(); }

    /// One view for statements that read: a transaction of its own, or a share in the snapshot that is open. False when
    /// a transaction is open already, which is a view itself.
    bool share_snapshot();
    /// Gives back what share_snapshot() gave. The last share ends the transaction: with COMMIT, because another part of
    /// the same thread may have written in it. Throws what COMMIT throws.
    void end_snapshot();
    /// In place of end_snapshot(), for the only share: the snapshot ends with the COMMIT that travels behind the next
    /// statements. False when it has to stay open.
    bool end_early() noexcept;
    /// Looks whether that COMMIT succeeded. Throws what COMMIT throws.
    void finish_early_end();

    /// Throws OperationalError naming the first failure when the innermost level is poisoned.
    void require_sound() const;
    /// Poisons the innermost level; all of them when the database rolled back by itself.
    void note_failure(const Error& failure) noexcept;
    /// Poisons all levels: none of them may be kept.
    void condemn(const char* reason) noexcept;

    /// False when a rollback failed: the connection is in a state that nobody knows.
    bool intact() const noexcept { return intact_; }
    /// Undoes whatever is open, and makes the connection as it was when it was opened.
    void clear() noexcept;

private:
    struct Level {
        std::string savepoint{}; // empty for the transaction itself
        bool forbids_writes{false};
        std::optional<std::string> failure{};

        void poison(const char* reason) noexcept;
    };

    void control(const std::string& text);
    class Telling;
    void keep(const Level& level);
    void undo(const Level& level) noexcept;
    void pop() noexcept;
    void close_idle_snapshot();

    backend::Connection* connection_;
    const backend::Driver* driver_;
    std::shared_ptr<observe::Observers> observers_;
    std::uint64_t works_for_{0};
    std::vector<Level> levels_;
    std::size_t snapshot_shares_{0};
    bool snapshot_open_{false}; // the transaction around all levels is a snapshot's
    bool intact_{true};
};

} // namespace kith::connection
