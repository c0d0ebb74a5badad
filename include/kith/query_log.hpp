#pragma once

#include <kith/connect_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kith {

class Database;
namespace observe {
class Observers;
}

struct QueryLogOptions {
    /// With `redacted` the log does not keep the values of parameters.
    ParameterValues parameter_values{ParameterValues::shown};
};

/// Records the statements that run on a Database while it lives, from all threads. Transaction control is kept apart
/// and not counted.
class QueryLog {
public:
    struct Entry {
        std::string sql;
        /// As text; a key set is shown as `<3 keys: 1, 2, 3>`, shortened when long. Redacted, `<redacted>` and
        /// `<3 redacted keys>`.
        std::vector<std::string> parameters;
        std::chrono::nanoseconds duration; ///< from sending the statement to its last row
        std::size_t rows;                  ///< rows given, or changed
        std::string lookup; ///< the path that caused it, `visitation__province`; empty for a main statement

        std::chrono::steady_clock::time_point start; ///< when it was sent
        /// Of the values in all rows that were given, also those that Kith has read before: of a text and of bytes
        /// their length, of NULL nothing, of all else what the database takes to send it, on SQLite 8. What the
        /// protocol adds is not counted.
        std::size_t bytes;
        /// Of the values that were sent, key sets among them: of a text and of bytes their length, of NULL nothing, of
        /// a Uuid 16, of all else 8.
        std::size_t parameter_bytes;
        std::uint32_t connection; ///< its number among those of the Database, from 1 in the order in which they opened
        std::uint64_t evaluation; ///< the same for all statements of one call, as of a QuerySet with its lookups
        std::string file;         ///< where that call stands; empty where it is not known, as of `row.relation->…`
        std::uint32_t line;       ///< counted from 1; 0 where it is not known
        bool failed;
    };

    /// BEGIN, COMMIT, SAVEPOINT and their like.
    struct ControlEntry {
        std::string sql;
        std::chrono::steady_clock::time_point start;
        std::chrono::nanoseconds duration; ///< next to nothing where it travels with the next statement, as BEGIN may
        std::uint32_t connection;
        bool failed;
    };

    explicit QueryLog(const Database& db, QueryLogOptions options = {});
    QueryLog(const QueryLog&) = delete;
    QueryLog& operator=(const QueryLog&) = delete;
    ~QueryLog();

    std::size_t size() const;
    /// Statement `index` in the order in which they began; one that is still being read is not there yet. Throws
    /// ValueError beyond the last.
    Entry operator[](std::size_t index) const;
    std::vector<Entry> entries() const;
    /// The texts of the transaction control that succeeded.
    std::vector<std::string> transaction_control() const;
    /// All of it, in the order in which it ended.
    std::vector<ControlEntry> control_entries() const;
    void clear();

private:
    struct State;

    QueryLog(const std::shared_ptr<observe::Observers>& observers, const QueryLogOptions& options);

    std::shared_ptr<State> state_;
    std::shared_ptr<void> token_;
};

} // namespace kith
