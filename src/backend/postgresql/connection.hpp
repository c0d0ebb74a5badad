#pragma once

#include "backend/backend.hpp"
#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/statement_cache.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// How a connection is opened.
struct ConnectionSettings {
    Settings libpq{};
    std::string name{}; ///< for messages
    bool read_only{false};
    std::chrono::milliseconds busy_timeout{};
    std::size_t statement_cache{0};
};

/// One PGconn in UTC. A statement that comes again is prepared at the server under a name, unless the cache is off or
/// it carries many keys: a plan made for all sets of keys is slow for large ones.
class Connection final : public backend::Connection {
public:
    Connection(const ConnectionSettings& settings, const sql::Dialect& dialect);

    const sql::Dialect& dialect() const override { return *dialect_; }
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement) override;
    /// Through a cursor at the server, which outside of a transaction holds its whole result there.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t batch) override;
    std::int64_t execute(const sql::Statement& statement) override;
    void control(std::string_view text) override;
    /// Also while BEGIN waits for the first statement, with which it travels.
    bool in_transaction() const override;
    void forbid_writes(bool on) override;
    Catalog catalog() override;
    bool usable() const override { return !handle_.lost(); }
    bool alive() override;

    // For StreamCursor.
    Result fetch(const std::string& cursor, int rows, std::string_view sql);
    void close(const std::string& cursor) noexcept;

private:
    struct ServerCursor {
        std::string name;
        bool held{false}; // outlives its transaction
        bool left{false}; // to be closed
    };

    Result run(const sql::Statement& statement);
    Result run_named(StatementCache::Entry& entry, const Parameters& parameters);
    Result run_unnamed(const std::string& sql, const Parameters& parameters);
    template <class Send>
    Result run_behind_begin(std::string_view sql, Send&& send);
    void prepare(StatementCache::Entry& entry);
    void tidy();

    Handle handle_;
    StatementCache statements_;
    const sql::Dialect* dialect_;
    std::size_t last_cursor_{0};
    std::vector<ServerCursor> cursors_;
    std::string begin_; // not sent yet
};

} // namespace kith::backend::postgresql
