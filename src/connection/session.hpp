#pragma once

#include "backend/backend.hpp"
#include "observe/call_info.hpp"
#include "observe/changes.hpp"
#include "observe/detectors.hpp"
#include "observe/statement_report.hpp"

#include <kith/database.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A thread's use of a Database: its connection, its transaction, its observers.
namespace kith::connection {

class ConnectionGuard;
class PooledConnection;
class Snapshot;

/// Begins the time of what bounds the calls of `db`, and gives `call` its number and its span if there are observers:
/// for calls that use several Sessions, which belong to the span while one of them, or the CallInfo itself, exists.
observe::CallInfo numbered(const Database& db, observe::CallInfo call);

/// The span of the atomic block that statements of this thread through `db` belong to; 0 for none.
std::uint64_t block_around(const Database& db);

/// A statement with the lookup that caused it.
struct LabelledStatement {
    const sql::Statement* statement{nullptr};
    std::string_view lookup{};
};

/// One thread's work on one connection. A thread that already holds a connection of this Database (by an `atomic` block
/// or a stream) gets that one again; other threads take one from the pool and return it at the end. A Session may be
/// kept, as a stream does, and may end on another thread.
class Session {
public:
    /// Throws OperationalError if no connection becomes free within pool_timeout, or none can be opened, and when its
    /// call is over.
    explicit Session(const Database& db, const observe::CallInfo& call = {});
    /// The dialect of a Database, without a connection.
    static const sql::Dialect& dialect(const Database& db);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    const sql::Dialect& dialect() const;
    /// The SELECT of the rows of `query`: see sql::select_rows.
    sql::Select select_rows(const detail::Query& query) const;
    /// The UPDATE of one row: see sql::update_row.
    sql::Statement update_row(const detail::ModelInfo& model, std::span<const detail::FieldInfo* const> fields,
                              std::vector<detail::Value> values, std::vector<detail::Value> key) const;
    /// See sql::select_related_rows.
    sql::Select select_related_rows(const detail::RelationInfo& relation, const sql::KeyOrigin& from,
                                    const detail::Query* queryset) const;
    /// The call that it serves, to be passed to another Session that does part of the work.
    const observe::CallInfo& call() const noexcept { return call_; }
    /// The LoadingDetectors of the Database.
    const std::shared_ptr<observe::Detectors>& detectors() const;

    /// Runs a statement that returns rows; the cursor may outlive the Session. The statement is reported to observers
    /// (QueryLog, on_query) when its cursor ends; `lookup` is the path that caused it, empty for a main statement.
    /// Throws OperationalError at once when an earlier failure poisoned the transaction of this thread.
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement, std::string_view lookup = {});
    /// As query(), for several statements: in one round trip if sends_together(), otherwise one after the other. With
    /// `last`, nothing else will be read in that snapshot: it ends in the same round trip if possible. Read the cursors
    /// in their order; the statements must outlive them.
    std::vector<std::unique_ptr<backend::Cursor>> query_all(std::span<const LabelledStatement> statements,
                                                            Snapshot* last);
    /// See backend::Connection.
    bool holds_integers(const sql::KeyColumn& column) const;
    /// Whether query_all() takes one round trip now.
    bool sends_together() const;
    /// The time of a round trip to the database; 0 if it is not known.
    std::chrono::nanoseconds round_trip() const;
    /// As query(), for a statement that is read slowly: see backend::Connection::stream.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t batch);
    /// Whether stream() needs a Snapshot or a block around it to keep only one batch in memory.
    bool streams_need_transaction() const;
    /// Runs a statement to its end and returns the number of rows it changed; reports and throws as query() does.
    std::int64_t execute(const sql::Statement& statement, std::string_view lookup = {});

    /// See backend::Connection.
    bool returns_new_keys(const detail::FieldInfo& key) const;
    /// See backend::Connection.
    bool inserts_every_row(const sql::KeyColumn& key) const;
    /// Runs an INSERT as backend::Connection does; reports and throws as query() does.
    std::vector<std::int64_t> insert(const sql::Statement& statement, std::size_t rows);

    /// See backend::Connection.
    std::vector<backend::UniqueKey> unique_keys(const detail::ModelInfo& model) const;

    /// See backend::Connection.
    bool copies(std::span<const detail::FieldInfo* const> columns) const;
    /// As execute(), for a statement of sql::copy_rows().
    void copy(const sql::Statement& statement);

    /// The tables of the database. Not reported to observers.
    backend::Catalog catalog();

    /// Whether a transaction is open on the connection, by `atomic` or by a Snapshot.
    bool in_transaction() const;
    /// Whether an `atomic` block is open on the connection.
    bool is_inside_block() const;
    /// To be called when a statement has written and its call cannot be completed: poisons the innermost block.
    void note_half_done(const std::exception& cause) const noexcept;
    /// Whether note_change() is of use.
    bool observes_changes() const noexcept;
    /// Reports a change to the observers of changes once it is committed.
    void note_change(observe::PendingChange change) const;
    /// What bounds its statements; null for nothing.
    const std::shared_ptr<base::Bound>& bound() const noexcept { return bound_; }
    /// Whether statements of this thread through `db` would run inside one. Takes no connection.
    static bool is_inside_block(const Database& db);
    /// The same for a transaction of any kind, that of a stream with a snapshot included.
    static bool is_in_transaction(const Database& db);

private:
    friend class Snapshot;
    friend class WriteTransaction;

    PooledConnection& ready() const;
    void count_statement(std::string_view lookup) const;
    std::unique_ptr<observe::StatementReport> report(PooledConnection& pooled, const sql::Statement& statement,
                                                     std::string_view lookup) const;
    template <class Run>
    auto finish_at_once(const sql::Statement& statement, std::string_view lookup, Run&& run);
    template <class Ask>
    auto ask(Ask&& question) const;
    template <class Start>
    std::unique_ptr<backend::Cursor> start(const sql::Statement& statement, std::string_view lookup, Start&& begin);

    observe::CallInfo call_;
    std::shared_ptr<ConnectionGuard> guard_;
    std::shared_ptr<base::Bound> bound_; // of the call and of the block around it; null for none
};

/// One view of the database for several statements that only read. Does nothing inside a transaction; overlapping
/// Snapshots of one thread share one view. May end on another thread, and after its Session.
class Snapshot {
public:
    explicit Snapshot(Session& session);
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    /// Ends the view and throws if that fails. The destructor ends it too, and drops the failure; changes that the
    /// thread made meanwhile are kept either way.
    void commit();
    ~Snapshot();

private:
    friend class Session;
    std::shared_ptr<ConnectionGuard> guard_; // null when there is nothing to end
    std::shared_ptr<base::Bound> bound_;
    std::uint64_t evaluation_{0};
    bool commit_is_sent_{false};
};

/// All or nothing for several statements that write: a transaction, or a savepoint inside one. A failure inside poisons
/// the savepoint alone; the transaction around it stays usable. Must end before what was opened around it.
class WriteTransaction {
public:
    explicit WriteTransaction(Session& session);
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    /// The next statement is the last one, and whatever it returns will be kept: COMMIT travels with it if possible.
    /// commit() must still be called.
    void expect_last() noexcept;
    void commit();
    ~WriteTransaction();

private:
    std::shared_ptr<ConnectionGuard> guard_; // null once it has ended
    std::shared_ptr<base::Bound> bound_;
    std::uint64_t evaluation_;
};

} // namespace kith::connection
