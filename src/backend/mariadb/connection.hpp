#pragma once

#include "backend/backend.hpp"
#include "backend/mariadb/dialect.hpp"
#include "backend/mariadb/handle.hpp"
#include "backend/mariadb/statement.hpp"
#include "backend/round_trip.hpp"
#include "backend/stored_columns.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace kith::backend::mariadb {

/// One MYSQL in UTC and strict mode.
class Connection final : public backend::Connection {
public:
    /// Stores in the dialect what it must know about the server.
    Connection(const ConnectionSettings& settings, Dialect& dialect, const base::Bound* bound);

    const sql::Dialect& dialect() const override { return *dialect_; }
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement) override;
    /// Through a cursor on the server, which holds the whole result there.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t batch) override;
    std::chrono::nanoseconds round_trip() const override { return round_trip_.shortest(); }
    bool holds_integers(const sql::KeyColumn& column) override { return stored_columns_.are_whole(column); }
    std::int64_t execute(const sql::Statement& statement) override;
    std::vector<UniqueKey> unique_keys(const detail::ModelInfo& model) override;
    void describe_violation(const sql::Statement& statement, ErrorContext& violated) override;
    void control(std::string_view text) override;
    bool in_transaction() const override { return in_transaction_ && !handle_.rolled_back() && !handle_.lost(); }
    void forbid_writes(bool on) override { writes_forbidden_ = on; }
    Catalog catalog() override;
    bool usable() const override { return !handle_.lost() && !is_in_doubt_; }
    bool alive() override;

private:
    /// What happens to the rows of a statement: they arrive while they are read, are dropped, or are kept on the server
    /// and arrive in batches.
    enum class Rows : unsigned char { read, dropped, kept_at_server };

    void bound_changed() noexcept override { handle_.watch(bound()); }
    StatementCache::Loan run(const sql::Statement& statement, Rows rows, std::size_t batch = 1);
    void require_allowed(const sql::Statement& statement) const;
    StoredColumns::Columns ask_columns(std::string_view schema, std::string_view table);
    void note_sent(const sql::Statement& statement);
    void note_round_trip(RoundTrip::Clock::time_point start) noexcept;
    void end_rolled_back();
    void open_transaction();
    void open_snapshot();
    void leave_snapshot_mode();

    Handle handle_;
    StatementCache statements_;
    const sql::Dialect* dialect_;
    StoredColumns stored_columns_{[this](auto schema, auto table) { return ask_columns(schema, table); }};
    RoundTrip round_trip_{};
    bool in_transaction_{false};
    bool wrote_{false}; // the transaction may have changed something
    bool autocommit_{true};
    bool is_in_doubt_{false}; // settings for the next transaction may be left at the server
    bool writes_forbidden_{false};
    bool isolation_is_weak_{false}; // by default, the statements of one transaction see different snapshots
};

} // namespace kith::backend::mariadb
