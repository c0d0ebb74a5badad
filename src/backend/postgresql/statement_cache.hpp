#pragma once

#include "backend/postgresql/parameters.hpp"
#include "sql/statement_text.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// The statements of a connection that are prepared on the server, with their names and parameter types. The least
/// recently used is dropped first. Does no I/O.
class StatementCache {
public:
    struct Entry {
        sql::StatementText sql;
        std::string name; ///< empty while the statement is not prepared
        std::vector<type::Number> types;
    };

    /// All names start with `prefix`.
    StatementCache(std::string prefix, std::size_t capacity) : prefix_(std::move(prefix)), capacity_(capacity) {}

    bool off() const noexcept { return capacity_ == 0; }
    /// The entry for `sql`. If it has a name, that statement accepts `parameters`. Null for a statement seen for the
    /// first time, which is not worth preparing.
    Entry* find(const sql::StatementText& sql, const Parameters& parameters);
    /// Gives `entry` a name that was never used before. The statement must then be prepared with entry.types.
    void name(Entry& entry);
    /// Forgets all names: prepared statements are outdated, one of them or more.
    void forget_all();
    /// Preparing a statement under `name` failed: there is nothing to drop on the server.
    void was_not_prepared(const std::string& name);
    /// Nothing is prepared on the server any more.
    void clear();

    /// The names to drop on the server, and that these are dropped there.
    const std::vector<std::string>& dropped() const noexcept { return dropped_; }
    void forget_dropped() noexcept { dropped_.clear(); }

private:
    void drop(Entry& entry);

    std::string prefix_;
    std::size_t capacity_;
    std::size_t last_name_{0};
    std::list<Entry> entries_; // the most recently used is the first
    std::unordered_map<sql::StatementText, std::list<Entry>::iterator, sql::StatementText::Hash> by_text_;
    std::vector<std::string> dropped_;
};

} // namespace kith::backend::postgresql
