#pragma once

#include <kith/database.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace kith::cli {

/// A line on the terminal that shows the progress of a long load. Shows nothing if the standard error is not a
/// terminal, and nothing during the first half second.
class Progress {
public:
    explicit Progress(const Database& db);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    /// Removes the line.
    ~Progress();

    /// Reports that `rows` rows are ready to be printed. If they go to the same terminal, they replace the line.
    void printed(std::size_t rows);

private:
    void show(const std::string& what);
    void clear();

    bool on_;
    bool shown_{false};
    std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::time_point last_;
    std::size_t statements_{0};
    std::size_t rows_{0};
    std::shared_ptr<void> watching_;
};

} // namespace kith::cli
