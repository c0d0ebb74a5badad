#pragma once

#include "database/observers.hpp"
#include "sql/statement.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::database {

/// The report of one statement to the observers of its Database, begun when it is sent and made when it ends.
class Report {
public:
    /// Null while nobody watches: then nothing is formatted and no clock is read.
    static std::unique_ptr<Report> begin(Observers& observers, const sql::Statement& statement,
                                         std::string_view lookup);

    void finish(std::size_t rows, bool failed) noexcept;

    Report(Observers& observers, const sql::Statement& statement, std::string_view lookup);

private:
    Observers* observers_;
    std::uint64_t number_;
    std::string sql_;
    std::vector<std::string> parameters_;
    std::string lookup_;
    std::chrono::steady_clock::time_point began_{std::chrono::steady_clock::now()};
};

} // namespace kith::database
