#pragma once

#include "backend/postgresql/parameters.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// Which statements of a connection are prepared at the server, under which names and for which types of parameters.
/// The least recently used is dropped first. Talks to no server.
class StatementCache {
public:
    struct Entry {
        std::string sql;
        std::string name; ///< empty while the statement is not prepared
        std::vector<type::Number> types;
    };

    /// All names begin with `prefix`.
    StatementCache(std::string prefix, std::size_t capacity) : prefix_(std::move(prefix)), capacity_(capacity) {}

    bool off() const noexcept { return capacity_ == 0; }
    /// The entry for `sql`. A name in it is that of a statement that takes `parameters`. One that was seen for the
    /// first time is not worth preparing: null.
    Entry* find(const std::string& sql, const Parameters& parameters);
    /// Gives `entry` a name that no statement had before. The statement is then to be prepared with entry.types.
    void name(Entry& entry);
    /// What was prepared is not as it was, for one statement or for others as well.
    void forget_all();
    /// Preparing a statement under `name` failed: there is nothing at the server to drop.
    void was_not_prepared(const std::string& name);
    /// Nothing is prepared at the server any more.
    void clear();

    /// The names to be dropped at the server, since the last call.
    std::vector<std::string> take_dropped();
    bool any_dropped() const noexcept { return !dropped_.empty(); }

private:
    void drop(Entry& entry);

    std::string prefix_;
    std::size_t capacity_;
    std::size_t last_name_{0};
    std::list<Entry> entries_; // the most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
    std::vector<std::string> dropped_;
};

} // namespace kith::backend::postgresql
