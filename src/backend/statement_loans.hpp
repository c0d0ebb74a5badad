#pragma once

#include "sql/statement_text.hpp"

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace kith::backend {

/// The prepared statements of one connection that are objects of its client library. The least recently used is dropped
/// first. A statement is on loan while a cursor reads it; a second request meanwhile gets another statement.
///
/// `Maker` has a type `Statement`, a pointer, and the functions `prepare(sql, kept)`, `reset(statement)` and
/// `finalize(statement)`, the latter two without exceptions.
template <class Maker>
class StatementLoans {
    using Statement = typename Maker::Statement;

    struct Entry {
        sql::StatementText sql;
        Statement statement{nullptr};
        bool in_use{false};
    };

public:
    /// A statement on loan: reset and without parameters when it is taken and when it is returned.
    class Loan {
    public:
        Loan(Loan&& other) noexcept
            : loans_(other.loans_), entry_(other.entry_), statement_(std::exchange(other.statement_, nullptr)) {}
        Loan& operator=(Loan&&) = delete;
        ~Loan() {
            if (statement_ == nullptr) return;
            if (entry_ == nullptr) {
                loans_->maker_.finalize(statement_);
                return;
            }
            loans_->maker_.reset(statement_);
            entry_->in_use = false;
            loans_->shrink();
        }
        Statement get() const noexcept { return statement_; }
        /// Drops the statement instead of keeping it: it can no longer be used.
        void discard() noexcept {
            if (entry_ != nullptr) loans_->forget(*std::exchange(entry_, nullptr));
        }

    private:
        friend class StatementLoans;
        Loan(StatementLoans& loans, Entry* entry, Statement statement) noexcept
            : loans_(&loans), entry_(entry), statement_(statement) {}

        StatementLoans* loans_;
        Entry* entry_; // null for a statement that is not cached
        Statement statement_;
    };

    StatementLoans(Maker maker, std::size_t capacity) : maker_(std::move(maker)), capacity_(capacity) {}
    StatementLoans(const StatementLoans&) = delete;
    StatementLoans& operator=(const StatementLoans&) = delete;
    /// All loans must have ended.
    ~StatementLoans() {
        for (const Entry& entry : entries_) maker_.finalize(entry.statement);
    }

    /// A statement for `sql`: the cached one or, while an open cursor uses that, another one. Throws what preparing it
    /// throws.
    Loan take(const sql::StatementText& sql) {
        if (const auto found = by_text_.find(sql); found != by_text_.end()) {
            Entry& entry = *found->second;
            if (entry.in_use) return {*this, nullptr, maker_.prepare(sql, false)};
            entries_.splice(entries_.begin(), entries_, found->second);
            entry.in_use = true;
            return {*this, &entry, entry.statement};
        }
        if (capacity_ == 0) return {*this, nullptr, maker_.prepare(sql, false)};
        entries_.push_front({.sql = sql});
        Entry& entry = entries_.front();
        try {
            entry.statement = maker_.prepare(sql, true);
            by_text_.emplace(entry.sql, entries_.begin());
        } catch (...) {
            if (entry.statement != nullptr) maker_.finalize(entry.statement);
            entries_.pop_front();
            throw;
        }
        entry.in_use = true;
        Loan loan(*this, &entry, entry.statement);
        shrink();
        return loan;
    }

    std::size_t size() const noexcept { return entries_.size(); }

private:
    void forget(const Entry& entry) noexcept {
        const auto found = by_text_.find(entry.sql);
        const auto place = found->second;
        by_text_.erase(found);
        entries_.erase(place);
    }

    void shrink() noexcept {
        for (auto it = entries_.end(); entries_.size() > capacity_ && it != entries_.begin();) {
            --it;
            if (it->in_use) continue;
            by_text_.erase(it->sql);
            maker_.finalize(it->statement);
            it = entries_.erase(it);
        }
    }

    Maker maker_;
    std::size_t capacity_;
    std::list<Entry> entries_; // the most recently used is the first
    std::unordered_map<sql::StatementText, typename std::list<Entry>::iterator, sql::StatementText::Hash> by_text_;
};

} // namespace kith::backend
