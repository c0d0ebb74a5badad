#include "backend/sqlite/statement_cache.hpp"

#include <kith/error.hpp>

namespace kith::backend::sqlite {

StatementCache::Loan::Loan(Loan&& other) noexcept
    : cache_(other.cache_), entry_(other.entry_), statement_(std::exchange(other.statement_, nullptr)) {}

StatementCache::Loan::~Loan() {
    if (statement_ == nullptr) return;
    // The code of a reset repeats the failure of the last step, which was thrown when it happened.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    if (entry_ == nullptr) {
        sqlite3_finalize(statement_);
        return;
    }
    entry_->in_use = false;
    cache_->shrink();
}

StatementCache::~StatementCache() {
    for (const Entry& entry : entries_) sqlite3_finalize(entry.statement);
}

StatementCache::Loan StatementCache::take(const std::string& sql) {
    if (const auto found = by_text_.find(sql); found != by_text_.end()) {
        Entry& entry = *found->second;
        if (entry.in_use) return {*this, nullptr, prepare(sql, 0)};
        entries_.splice(entries_.begin(), entries_, found->second);
        entry.in_use = true;
        return {*this, &entry, entry.statement};
    }
    if (capacity_ == 0) return {*this, nullptr, prepare(sql, 0)};
    entries_.push_front({.sql = sql});
    Entry& entry = entries_.front();
    try {
        entry.statement = prepare(sql, SQLITE_PREPARE_PERSISTENT);
        by_text_.emplace(entry.sql, entries_.begin());
    } catch (...) {
        sqlite3_finalize(entry.statement);
        entries_.pop_front();
        throw;
    }
    entry.in_use = true;
    Loan loan(*this, &entry, entry.statement);
    shrink();
    return loan;
}

sqlite3_stmt* StatementCache::prepare(const std::string& sql, unsigned flags) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
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

/// SQLite stops behind the first statement and says nothing about the rest.
void StatementCache::require_single(const std::string& sql, const char* tail) {
    if (tail == sql.c_str() + sql.size()) return;
    sqlite3_stmt* another = nullptr;
    const int code = sqlite3_prepare_v3(handle_->get(), tail, -1, 0, &another, nullptr);
    sqlite3_finalize(another);
    if (code == SQLITE_OK && another == nullptr) return; // blanks and comments
    throw ValueError("Several statements in one text: run them one by one", {.sql = sql});
}

void StatementCache::shrink() noexcept {
    for (auto it = entries_.end(); entries_.size() > capacity_ && it != entries_.begin();) {
        --it;
        if (it->in_use) continue;
        by_text_.erase(it->sql);
        sqlite3_finalize(it->statement);
        it = entries_.erase(it);
    }
}

} // namespace kith::backend::sqlite
