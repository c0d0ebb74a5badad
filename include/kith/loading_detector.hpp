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

/// Something that a program loads in a way that costs more statements than it needs to.
struct LoadingFinding {
    enum class Kind : std::uint8_t {
        row_by_row,         ///< a relation or Lazy column, loaded for one row of a fetch after the other
        repeated_statement, ///< a main statement that runs again and again, whatever its parameters
        unread_prefetch,    ///< sets, or single rows, that were prefetched and never read
    };

    Kind kind{Kind::row_by_row};
    std::string model{};       ///< whose member it is; empty for a statement
    std::string member{};      ///< the relation or column; empty for a statement
    std::size_t times{0};      ///< how often it was loaded for a single row, or ran
    std::size_t statements{0}; ///< what that cost
    std::string sql{};         ///< of a statement
    std::string remedy{};      ///< what to write instead, `.prefetch_related("visitation")`

    /// The finding as a sentence, for people.
    std::string text() const;
};

struct LoadingDetectorOptions {
    /// How many rows of one fetch load a relation or column each by themselves before it is reported.
    std::size_t rows{5};
    /// How often a statement runs before it is reported.
    std::size_t runs{10};
    /// Called once for each finding, on the thread that made it. What it throws is dropped.
    std::function<void(const LoadingFinding&)> on_finding{};
    /// Writes each finding to the standard error stream, once.
    bool prints{false};
    /// The read that makes a relation or column a finding throws FetchBlocked, with its text.
    bool throws{false};
};

/// Watches, while it lives, for what a program loads on a Database row by row; and for prefetches that nobody reads,
/// and statements that run again and again. For the length of a test, of a request, or of a program under development:
///
///     const kith::LoadingDetector detector(db, {.prints = true});
///
/// Costs nothing while there is none. Rows that are loaded alone are no finding, nor are those of FetchMode::peers.
/// What select_related joins is not watched, nor are single rows that prefetch_related_objects loads into rows of
/// several evaluations.
class LoadingDetector {
public:
    explicit LoadingDetector(const Database& db, LoadingDetectorOptions options = {});
    LoadingDetector(const LoadingDetector&) = delete;
    LoadingDetector& operator=(const LoadingDetector&) = delete;
    ~LoadingDetector();

    /// What was found, in the order in which it was; with the numbers as they are now. A prefetch that was not read is
    /// known once its rows are gone.
    std::vector<LoadingFinding> findings() const;

    /// For the library.
    struct State;

private:
    LoadingDetector(const std::shared_ptr<observe::Detectors>& detectors, LoadingDetectorOptions options);

    std::shared_ptr<State> state_;
    std::shared_ptr<void> token_;
};

} // namespace kith
