#pragma once

#include "backend/sqlite/handle.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kith::backend::sqlite {

/// The prepared statements of one connection, the least recently used dropped first.
class StatementCache {
    struct Entry {
        std::string sql;
        sqlite3_stmt* statement{nullptr};
        bool in_use{false};
    };

public:
    /// A statement on loan: reset and without parameters when it is taken and when it goes back.
    class Loan {
    public:
        Loan(Loan&& other) noexcept;
        Loan& operator=(Loan&&) = delete;
        ~Loan();
        sqlite3_stmt* get() const noexcept { return statement_; }

    private:
        friend class StatementCache;
        Loan(StatementCache& cache, Entry* entry, sqlite3_stmt* statement) noexcept
            : cache_(&cache), entry_(entry), statement_(statement) {}

        StatementCache* cache_;
        Entry* entry_; // null for a statement that is not kept
        sqlite3_stmt* statement_;
    };

    StatementCache(Handle& handle, std::size_t capacity) : handle_(&handle), capacity_(capacity) {}
    StatementCache(const StatementCache&) = delete;
    StatementCache& operator=(const StatementCache&) = delete;
    /// All loans must be over.
    ~StatementCache();

    /// A statement for `sql`: the one kept, or, while that is in use by an open cursor, another one. Throws what
    /// preparing it throws, and ValueError for text that is no single statement.
    Loan take(const std::string& sql);

    std::size_t size() const noexcept { return entries_.size(); }

private:
    sqlite3_stmt* prepare(const std::string& sql, unsigned flags);
    void require_single(const std::string& sql, const char* tail);
    void shrink() noexcept;

    Handle* handle_;
    std::size_t capacity_;
    std::list<Entry> entries_; // the most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
};

} // namespace kith::backend::sqlite
