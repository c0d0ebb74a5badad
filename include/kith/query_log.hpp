#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace kith {

class Database;

/// Records the statements that run on a Database while it lives, from all threads. Transaction control is kept apart
/// and not counted.
class QueryLog {
public:
    struct Entry {
        std::string sql;
        std::vector<std::string> parameters;  ///< as text; a key set is shown as `<3 keys: 1, 2, 3>`, shortened when long
        std::chrono::nanoseconds duration;    ///< from sending the statement to its last row
        std::size_t rows;                     ///< rows given, or changed
        std::string lookup;                   ///< the path that caused it, `visitation__province`; empty for a main statement
    };

    explicit QueryLog(const Database& db);
    QueryLog(const QueryLog&) = delete;
    QueryLog& operator=(const QueryLog&) = delete;
    ~QueryLog();

    std::size_t size() const;
    /// Statement `index` in the order in which they began; one that is still being read is not there yet. Throws ValueError beyond the last.
    Entry operator[](std::size_t index) const;
    std::vector<Entry> entries() const;
    /// BEGIN, COMMIT, SAVEPOINT and their like.
    std::vector<std::string> transaction_control() const;
    void clear();

private:
    struct State;
    std::shared_ptr<State> state_;
    std::shared_ptr<void> token_;
};

}  // namespace kith
