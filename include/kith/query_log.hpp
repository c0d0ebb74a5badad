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

/// Options of a QueryLog.
struct QueryLogOptions {
    /// `redacted` keeps the values of parameters out of the log.
    ParameterValues parameter_values{ParameterValues::shown};
};

/// Records the statements that run on a Database while it lives, from all threads. Keeps them in memory until it is
/// destroyed or cleared. Transaction control is recorded separately and not counted. Runs no statement itself.
class QueryLog {
public:
    /// A statement that ended.
    struct Entry {
        std::string sql; ///< the text of the statement
        /// The parameters as text. A key set is one parameter, `<3 keys: 1, 2, 3>`, shortened after eight keys. If
        /// redacted: `<redacted>` and `<3 redacted keys>`.
        std::vector<std::string> parameters;
        std::chrono::nanoseconds duration; ///< from sending it to its last row
        std::size_t rows;                  ///< the number of rows returned or changed
        std::string lookup; ///< the lookup that caused it, `visitation__province`; empty for a main statement

        std::chrono::steady_clock::time_point start; ///< when it was sent
        /// The size of all values in the returned rows, including rows that Kith had read before: texts and byte
        /// strings by their length, NULL 0, all others as many bytes as the database sends, on SQLite 8. Excludes what
        /// the protocol adds.
        std::size_t bytes;
        /// The size of the values sent, including key sets: texts, decimals, JSON and byte strings by their length, a
        /// Uuid 16, NULL 0, all others 8.
        std::size_t parameter_bytes;
        std::uint32_t connection; ///< the number of its connection, from 1 in the order of opening
        std::uint64_t evaluation; ///< the same for all statements of one call, such as a QuerySet with its lookups
        std::string file;         ///< the source file of that call; empty if unknown, as for `row.relation->…`
        std::uint32_t line;       ///< the line of that call, from 1; 0 if unknown
        bool failed;              ///< whether the database refused it
    };

    /// Transaction control: BEGIN, COMMIT, SAVEPOINT, ROLLBACK.
    struct ControlEntry {
        std::string sql;                             ///< the text
        std::chrono::steady_clock::time_point start; ///< when it was sent
        std::chrono::nanoseconds duration;           ///< almost 0 if it was sent with the next statement
        std::uint32_t connection;                    ///< as Entry::connection
        bool failed;                                 ///< whether the database refused it
    };

    /// Starts recording.
    explicit QueryLog(const Database& db, QueryLogOptions options = {});
    QueryLog(const QueryLog&) = delete;
    QueryLog& operator=(const QueryLog&) = delete;
    ~QueryLog();

    /// Returns the number of statements that ended.
    std::size_t size() const;
    /// Returns statement `index`, counted from 0 in the order in which they began. Throws ValueError beyond the last.
    Entry operator[](std::size_t index) const;
    /// Returns all statements that ended, in the order in which they began.
    std::vector<Entry> entries() const;
    /// Returns the texts of the transaction control that succeeded, in the order in which it ended.
    std::vector<std::string> transaction_control() const;
    /// Returns all transaction control, in the order in which it ended.
    std::vector<ControlEntry> control_entries() const;
    /// Forgets everything that was recorded.
    void clear();

private:
    struct State;

    QueryLog(const std::shared_ptr<observe::Observers>& observers, const QueryLogOptions& options);

    std::shared_ptr<State> state_;
    std::shared_ptr<void> token_;
};

} // namespace kith
