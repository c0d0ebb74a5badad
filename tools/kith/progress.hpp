#pragma once

#include <kith/database.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace kith::cli {

/// A line on the terminal that tells how far a long load has come. Nothing at all where the standard error is no
/// terminal, and nothing before half a second has gone by.
class Progress {
public:
    explicit Progress(const Database& db);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    /// Takes the line away.
    ~Progress();

    /// That so many rows were made ready to be printed. Where they go to the same terminal, they take the line's place.
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
