#pragma once

#include "backend/backend.hpp"
#include "observe/call_info.hpp"

#include <kith/database.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A thread's use of a Database: which connection, which transaction, who is told.
namespace kith::observe {
class Detectors;
}

namespace kith::connection {

class ConnectionGuard;
class PooledConnection;

class Snapshot;

/// Gives `work` its number and its span while somebody observes: for what is done by several Sessions, which are part
/// of it while one of them, or the Work itself, is there.
observe::Work numbered(const Database& db, observe::Work work);

/// The span of the atomic block that this thread's work through `db` is part of; 0 for none.
std::uint64_t block_around(const Database& db);

/// A statement, and the lookup that caused it.
struct Asked {
    const sql::Statement* statement{nullptr};
    std::string_view lookup{};
};

/// One thread at work on one connection. A thread that already holds a connection of this Database (its own `atomic`,
/// a stream that it reads) gets that one again; others take one from the pool and give it back at the end. A Session
/// may be kept (a stream does) and ended on another thread.
class Session {
public:
    /// Throws OperationalError when no connection came free within the pool's time-out, or none could be opened.
    explicit Session(const Database& db, const observe::Work& work = {});
    /// The dialect of a Database, without a connection.
    static const sql::Dialect& dialect(const Database& db);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    const sql::Dialect& dialect() const;
    /// What observers are told that it is for; to be given to another Session that does part of it.
    const observe::Work& work() const noexcept { return work_; }
    /// The LoadingDetectors of the Database.
    const std::shared_ptr<observe::Detectors>& detectors() const;

    /// Runs a statement that gives rows; the cursor may outlive the Session. It is reported to the observers of the
    /// Database (QueryLog, on_query) when its cursor ends; `lookup` is the path that caused it, empty for a main
    /// statement. Throws OperationalError at once when the transaction of this thread was poisoned by an earlier
    /// failure.
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement, std::string_view lookup = {});
    /// As query(), for several statements, which are sent in one round trip where sends_together(), else one after the
    /// other. With `last`, nothing will be read in that view any more: it ends in the same round trip, where it can.
    /// The cursors are to be read in their order; the statements have to live as long.
    std::vector<std::unique_ptr<backend::Cursor>> query_all(std::span<const Asked> asked, Snapshot* last);
    /// Whether query_all() takes one round trip now.
    bool sends_together() const;
    /// As query(), for a statement that is read slowly: see backend::Connection::stream.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t batch);
    /// Whether stream() needs a Snapshot around it, or a block, for only a batch to be in memory.
    bool streams_need_transaction() const;
    /// Runs a statement to its end and gives the number of rows it changed; reports and throws as query() does.
    std::int64_t execute(const sql::Statement& statement, std::string_view lookup = {});

    /// What the database says of its tables. Not reported: no statement of the user's.
    backend::Catalog catalog();

    /// Whether a transaction is open on the connection, by `atomic` or by a Snapshot.
    bool in_transaction() const;
    /// Whether an `atomic` block is open on the connection.
    bool is_inside_block() const;
    /// Whether one is open in which statements of this thread through `db` would run. Takes no connection.
    static bool is_inside_block(const Database& db);

private:
    friend class Snapshot;
    friend class Writing;
    PooledConnection& ready() const;
    template <class Start>
    std::unique_ptr<backend::Cursor> start(const sql::Statement& statement, std::string_view lookup, Start&& begin);

    observe::Work work_;
    std::shared_ptr<ConnectionGuard> guard_;
};

/// One view of the database over several statements that only read. Does nothing inside a transaction; Snapshots of one
/// thread that overlap share one view. May be ended on another thread, and after its Session.
class Snapshot {
public:
    explicit Snapshot(Session& session);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    /// Ends the view and throws what ending it throws. Without this the destructor ends it and drops the failure;
    /// changes that the thread made in between are kept either way.
    void commit();
    ~Snapshot();

private:
    friend class Session;
    std::shared_ptr<ConnectionGuard> guard_; // null when there is nothing to end
    std::uint64_t evaluation_{0};
    bool commit_is_sent_{false};
};

/// All or nothing over several statements that write: a transaction, or a savepoint inside one. A failure inside
/// poisons it alone and leaves the transaction around it usable. Ends before what was opened around it.
class Writing {
public:
    explicit Writing(Session& session);
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    void commit();
    ~Writing();

private:
    std::shared_ptr<ConnectionGuard> guard_; // null once it has ended
    std::uint64_t evaluation_;
};

} // namespace kith::connection
