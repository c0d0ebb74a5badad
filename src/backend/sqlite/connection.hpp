#pragma once

#include "backend/backend.hpp"
#include "backend/sqlite/affinity.hpp"
#include "backend/sqlite/ask.hpp"
#include "backend/sqlite/handle.hpp"
#include "backend/sqlite/json_functions.hpp"
#include "backend/sqlite/statement_cache.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith::backend::sqlite {

/// How to open a connection.
struct ConnectionSettings {
    std::string path{}; ///< absolute, or `:memory:`
    std::string name{}; ///< for messages
    bool read_only{false};
    bool create{false};    ///< create the file if it does not exist
    bool untrusted{false}; ///< a stranger may have made it
    std::chrono::milliseconds busy_timeout{};
    std::size_t statement_cache{0};
    Encodings encodings{};
};

/// One sqlite3 with foreign keys enforced, Kith's functions registered and its file known to be readable.
class Connection final : public backend::Connection {
public:
    /// `bound` may be null.
    Connection(const ConnectionSettings& settings, const sql::Dialect& dialect, const base::Bound* bound = nullptr);

    const sql::Dialect& dialect() const override { return *dialect_; }
    std::unique_ptr<backend::Cursor> query(const sql::Statement& statement) override;
    /// SQLite returns one row at a time in any case.
    std::unique_ptr<backend::Cursor> stream(const sql::Statement& statement, std::size_t) override {
        return query(statement);
    }
    bool holds_integers(const sql::KeyColumn& column) override;
    std::int64_t execute(const sql::Statement& statement) override;
    bool returns_new_keys(const FieldInfo& key) override;
    std::vector<std::int64_t> insert(const sql::Statement& statement, std::size_t rows) override;
    void describe_violation(const sql::Statement& statement, ErrorContext& violated) override;
    void control(std::string_view text) override;
    bool in_transaction() const override;
    void forbid_writes(bool on) override;
    Catalog catalog() override;
    bool usable() const override { return !handle_.damaged(); }
    bool alive() override { return true; }

    /// The first column of the only row of `text`, as text; empty if there is none.
    std::string ask(const std::string& text);
    std::size_t max_parameters() const;
    std::size_t largest_value() const;

private:
    void bound_changed() noexcept override { handle_.watch(bound()); }
    void configure(bool untrusted);
    OwnStatement prepared(const char* sql);
    void run(sqlite3_stmt* statement, std::string_view sql);
    void run_once(sqlite3_stmt* statement, std::string_view sql);

    std::optional<JsonFunctions> json_; // of a file that is not trusted; outlives the handle
    Handle handle_;
    StatementCache statements_;
    DeclaredColumns declared_{handle_};
    OwnStatement begin_;
    OwnStatement commit_; // prepared from the beginning, so that a transaction ends even without memory
    OwnStatement rollback_;
    const sql::Dialect* dialect_;
};

} // namespace kith::backend::sqlite
