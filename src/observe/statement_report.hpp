#pragma once

#include "observe/call_info.hpp"
#include "observe/observers.hpp"
#include "observe/span_builder.hpp"
#include "sql/statement.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::observe {

/// The connection of a statement, as far as reports need it.
struct ReportedConnection {
    const std::shared_ptr<Observers>& observers;
    const backend::Driver& driver;
    std::uint32_t number;
    ParameterValues parameter_values; ///< the Database's own setting
};

/// The outcome of a statement.
struct StatementOutcome {
    std::size_t rows{0};
    std::size_t bytes{0};
    bool returned{false}; ///< whether `rows` counts rows returned, not rows changed
};

/// Reports one statement to the observers of its Database: begins when the statement is sent, reports when it ends.
class StatementReport {
public:
    /// Null without observers: then nothing is formatted and no clock is read.
    static std::unique_ptr<StatementReport> begin(const ReportedConnection& connection, const sql::Statement& statement,
                                                  std::string_view lookup, const CallInfo& call);

    StatementReport(const ReportedConnection& connection, const sql::Statement& statement, std::string_view lookup,
                    const CallInfo& call);
    StatementReport(const StatementReport&) = delete;
    StatementReport& operator=(const StatementReport&) = delete;

    void finish(const StatementOutcome& outcome) noexcept;
    void fail(const std::exception& error, const StatementOutcome& outcome = {}) noexcept;

private:
    void open_span(const ReportedConnection& connection, const sql::Statement& statement);
    void send(const StatementOutcome& outcome, bool failed) noexcept;

    Observers* observers_;
    Parameters parameters_;
    std::string sql_;
    std::string lookup_;
    CallInfo call_;
    std::uint64_t number_;
    std::size_t parameter_bytes_{0};
    std::uint32_t connection_;
    std::shared_ptr<SpanBuilder> span_;
    std::chrono::steady_clock::time_point start_; // taken last
};

} // namespace kith::observe
