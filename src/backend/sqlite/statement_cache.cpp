#include "backend/sqlite/statement_cache.hpp"

#include <kith/error.hpp>

namespace kith::backend::sqlite {

sqlite3_stmt* StatementMaker::prepare(const std::string& sql, bool kept) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const unsigned flags = kept ? SQLITE_PREPARE_PERSISTENT : 0;
    // The length counts the terminating NUL, which spares SQLite a copy of the text.
    handle_->check(
        sqlite3_prepare_v3(handle_->get(), sql.c_str(), static_cast<int>(sql.size() + 1), flags, &statement, &tail),
        sql);
    try {
        if (statement == nullptr) throw ValueError("An empty statement", {.sql = sql});
        require_single(sql, tail);
    } catch (...) {
        sqlite3_finalize(statement);
        throw;
    }
    return statement;
}

void StatementMaker::finalize(sqlite3_stmt* statement) noexcept {
    note_alteration(statement);
    sqlite3_finalize(statement);
}

/// When SQLite runs a statement and sees that tables were altered, it prepares the statement anew.
void StatementMaker::note_alteration(sqlite3_stmt* statement) noexcept {
    if (sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, /*reset=*/1) != 0) handle_->note_alteration();
}

void StatementMaker::reset(sqlite3_stmt* statement) noexcept {
    note_alteration(statement);
    // The result of a reset repeats the failure of the last step, which was thrown when it happened.
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

/// SQLite stops after the first statement and does not report the rest.
void StatementMaker::require_single(const std::string& sql, const char* tail) {
    if (tail == sql.c_str() + sql.size()) return;
    sqlite3_stmt* another = nullptr;
    const int code = sqlite3_prepare_v3(handle_->get(), tail, -1, 0, &another, nullptr);
    sqlite3_finalize(another);
    if (code == SQLITE_OK && another == nullptr) return; // blanks and comments
    throw ValueError("Several statements in one text: run them one by one", {.sql = sql});
}

} // namespace kith::backend::sqlite
