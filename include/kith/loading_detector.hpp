#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kith {

class Database;
namespace observe {
class Detectors;
}

/// A load that costs more statements than it needs.
struct LoadingFinding {
    /// What is wrong.
    enum class Kind : std::uint8_t {
        row_by_row,         ///< a relation or Lazy column is loaded for each row of a fetch by itself
        repeated_statement, ///< a main statement runs many times, whatever its parameters
        unread_prefetch,    ///< sets or single rows were prefetched but never read
    };

    Kind kind{Kind::row_by_row}; ///< what is wrong
    std::string model{};         ///< the model of the member; empty for a statement
    std::string member{};        ///< the relation or column; empty for a statement
    std::size_t times{0};        ///< how often it was loaded for a single row, ran, or was prefetched in vain
    std::size_t statements{0};   ///< how many statements that cost
    std::string sql{};           ///< the text of a repeated statement
    std::string remedy{};        ///< what to add or leave out, `.prefetch_related("visitation")`

    /// Returns the finding as a sentence.
    std::string text() const;
};

/// Options of a LoadingDetector.
struct LoadingDetectorOptions {
    /// The number of rows of one fetch that each load a relation or column before it is a finding.
    std::size_t rows{5};
    /// The number of times that a statement runs before it is a finding.
    std::size_t runs{10};
    /// Called once for each finding, on the thread that caused it. Its exceptions are dropped.
    std::function<void(const LoadingFinding&)> on_finding{};
    /// Whether each finding is written to the standard error stream, once.
    bool prints{false};
    /// Whether the read that causes a row_by_row finding throws FetchBlocked with the text of the finding.
    bool throws{false};
};

/// While it lives, watches a Database for relations and columns that are loaded row by row, statements that run many
/// times, and prefetches that are never read. Use it in a test, during a request, or while developing:
///
///     const kith::LoadingDetector detector(db, {.prints = true});
///
/// Runs no statement, and costs nothing while none exists. Does not report rows that were fetched alone, rows that
/// FetchMode::peers loads, rows that select_related joins, and single rows that one call of prefetch_related_objects
/// loads into rows of several evaluations.
class LoadingDetector {
public:
    /// Starts watching.
    explicit LoadingDetector(const Database& db, LoadingDetectorOptions options = {});
    LoadingDetector(const LoadingDetector&) = delete;
    LoadingDetector& operator=(const LoadingDetector&) = delete;
    ~LoadingDetector();

    /// Returns all findings with their current numbers, in the order in which each was first counted. A prefetch that
    /// was not read is a finding once its rows are freed.
    std::vector<LoadingFinding> findings() const;

    /// Internal.
    struct State;

private:
    LoadingDetector(const std::shared_ptr<observe::Detectors>& detectors, LoadingDetectorOptions options);

    std::shared_ptr<State> state_;
    std::shared_ptr<void> token_;
};

} // namespace kith
