#pragma once

#include "observe/call_info.hpp"
#include "observe/observers.hpp"
#include "observe/span_builder.hpp"
#include "sql/statement.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::observe {

class PooledConnection;

/// What became of a statement.
struct Outcome {
    std::size_t rows{0};
    std::size_t bytes{0};
    bool returned{false}; ///< it gave its rows, rather than change them
};

/// The report of one statement to the observers of its Database, begun when it is sent and made when it ends.
class Report {
public:
    /// Null while nobody watches: then nothing is formatted and no clock is read.
    static std::unique_ptr<Report> begin(PooledConnection& pooled, const sql::Statement& statement,
                                         std::string_view lookup, const Work& work);

    Report(PooledConnection& pooled, const sql::Statement& statement, std::string_view lookup, const Work& work);
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;

    void finish(const Outcome& outcome) noexcept;
    void fail(const DatabaseError& error, const Outcome& outcome = {}) noexcept;

private:
    void open_span(PooledConnection& pooled, const sql::Statement& statement);
    void tell(const Outcome& outcome, bool failed) noexcept;

    Observers* observers_;
    Parameters parameters_;
    std::string sql_;
    std::string lookup_;
    Work work_;
    std::uint64_t number_;
    std::size_t parameter_bytes_{0};
    std::uint32_t connection_;
    std::shared_ptr<OpenSpan> span_;
    std::chrono::steady_clock::time_point start_; // taken last
};

} // namespace kith::observe
