#pragma once

#include "backend/backend.hpp"
#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/pipeline.hpp"
#include "backend/postgresql/session_settings.hpp"
#include "backend/postgresql/statement_cache.hpp"
#include "backend/postgresql/type_names.hpp"
#include "backend/postgresql/waiting_control.hpp"
#include "backend/round_trip.hpp"
#include "backend/stored_columns.hpp"

#include <kith/connect_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// How to open a connection.
struct ConnectionSettings {
    Settings libpq{};
    std::string name{}; ///< for messages
    Pooling pooling{Pooling::session};
    bool read_only{false};
    ServerSettings server{};
    std::size_t statement_cache{0};
};

/// One PGconn in UTC. A statement that runs again is prepared on the server under a name, unless the cache is off or it
/// carries many keys: a plan made for all sets of keys is slow for large ones.
///
/// With Pooling::session, settings are sent when the connection opens, a single statement is its own transaction, and a
/// stream outside of transactions is a cursor WITH HOLD. With Pooling::transaction, the next transaction may run on
/// another server connection, and another client's on this one. So nothing is sent when the connection opens; after
/// each BEGIN, in the same round trip, one statement sets the settings until the end of the transaction; a single
/// statement travels between BEGIN, these settings and COMMIT, in one round trip as before; no statement has a name;
/// cursors live in transactions.
class Connection final : public backend::Connection, private backend::Pipeline {
public:
    /// `bound` may be null.
    Connection(const ConnectionSettings& settings, const sql::Dialect& dialect, const base::Bound* bound);

    const sql::Dialect& dialect() const override { return *dialect_; }
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement) override;
    /// Through a cursor on the server, which outside of a transaction holds its whole result there.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t batch) override;
    bool streams_need_transaction() const override { return !local_settings_.empty(); }
    backend::Pipeline* pipeline() override { return this; }
    std::chrono::nanoseconds round_trip() const override { return round_trip_.shortest(); }
    bool holds_integers(const sql::KeyColumn& column) override { return stored_columns_.are_whole(column); }
    bool inserts_every_row(const sql::KeyColumn& key) override { return stored_columns_.are_always_inserted(key); }
    std::int64_t execute(const sql::Statement& statement) override;
    bool copies(std::span<const FieldInfo* const> columns) override;
    std::int64_t copy(const sql::Statement& statement) override;
    void describe_violation(const sql::Statement& statement, ErrorContext& violated) override;
    void control(std::string_view text) override;
    /// Also true while BEGIN waits for the first statement.
    bool in_transaction() const override;
    void forbid_writes(bool on) override;
    Catalog catalog() override;
    bool usable() const override { return !handle_.lost() && !pipeline_.broken(); }
    bool alive() override;

    // For the cursors.
    /// The rows of a statement of query_all().
    Result take(postgresql::Pipeline::Step& step);
    /// The next row of a statement whose rows arrive one by one; null if there is none, and take() will say why.
    Result take_row(postgresql::Pipeline::Step& step);
    /// Its rows are not wanted: see backend::Cursor.
    void stop(const postgresql::Pipeline::Step& step, bool may_fail) noexcept;
    Result fetch(const std::string& cursor, int rows, const sql::StatementText& sql);
    void close(const std::string& cursor) noexcept;
    const TypeNames& type_names() const noexcept { return type_names_; }

private:
    using Clock = std::chrono::steady_clock;

    struct ServerCursor {
        std::string name;
        bool held{false}; // outlives its transaction
        bool left{false}; // to be closed
    };

    std::vector<std::unique_ptr<backend::Cursor>> query_all(std::span<const sql::Statement* const> statements,
                                                            bool commit) override;
    void commit_with_next() override { commits_next_ = true; }
    bool finish_commit() override;

    void bound_changed() noexcept override;

    using Step = postgresql::Pipeline::Step;
    using Opening = std::vector<std::shared_ptr<Step>>; // must be held until they are sent

    Result run(const sql::Statement& statement);
    std::unique_ptr<backend::Cursor> query_by_row(const sql::Statement& statement);
    bool receives_by_row() const noexcept;
    bool note_statement(const sql::Statement& statement);
    Result run_as_transaction(const sql::Statement& statement);
    Result run_unkept(const sql::Statement& statement, const sql::StatementText& sql);
    std::shared_ptr<Step> start(const sql::Statement& statement, bool keep, bool commit = false, bool by_row = false);
    std::vector<std::string> take_waiting();
    Opening add_waiting();
    void roll_back() noexcept;
    [[noreturn]] void fail(const Step& step);
    bool forget_outdated(const Step& step);
    StoredColumns::Columns ask_columns(std::string_view schema, std::string_view table);
    void learn_types(const PGresult& result);
    void require_committed(const PGresult* result) const;
    void forget_cursors();
    void tidy();
    void note_round_trip(Clock::time_point start) noexcept;
    std::vector<std::string> leftovers(bool idle) const;

    Handle handle_;
    const std::string prefix_;         // of names on the server
    const std::string local_settings_; // to be set in each transaction; empty if the settings apply to the session
    TypeNames type_names_;
    StatementCache statements_;
    postgresql::Pipeline pipeline_;
    std::shared_ptr<postgresql::Pipeline::Step> commit_; // sent behind other statements, its result not checked yet
    const sql::Dialect* dialect_;
    StoredColumns stored_columns_{[this](auto schema, auto table) { return ask_columns(schema, table); }};
    std::size_t last_cursor_{0};
    std::vector<ServerCursor> cursors_;
    WaitingControl waiting_;
    RoundTrip round_trip_{};
    std::vector<type::Number> copied_{}; // the types of the columns for which copies() was true
    bool drops_in_doubt_{false};         // it is unknown which of the objects to drop are gone
    bool wrote_{false};                  // the transaction may have changed something
    bool commits_next_{false};           // COMMIT is to be sent with the next statement
    Doubt doubt_{};                      // about what was sent last
};

} // namespace kith::backend::postgresql
