#pragma once

#include "backend/sqlite/handle.hpp"
#include "backend/statement_loans.hpp"

#include <string>

namespace kith::backend::sqlite {

/// Makes the statements that StatementCache keeps.
class StatementMaker {
public:
    using Statement = sqlite3_stmt*;

    explicit StatementMaker(Handle& handle) : handle_(&handle) {}

    /// Throws ValueError for text that is not a single statement.
    sqlite3_stmt* prepare(const std::string& sql, bool kept);
    void reset(sqlite3_stmt* statement) noexcept;
    void finalize(sqlite3_stmt* statement) noexcept;

private:
    void note_alteration(sqlite3_stmt* statement) noexcept;
    void require_single(const std::string& sql, const char* tail);

    Handle* handle_;
};

using StatementCache = StatementLoans<StatementMaker>;

} // namespace kith::backend::sqlite
