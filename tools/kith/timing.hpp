#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace kith::cli {

/// The duration of one way of loading.
struct Timing {
    std::string name{};
    double median{0}; ///< seconds
    double fastest{0};
    std::size_t runs{0};
    std::size_t statements{0};
    std::size_t rows{0};   ///< of the requested table
    bool estimated{false}; ///< from a sample
};

/// Runs `work` once to warm up, then `runs` times for the clock, fewer if it takes long. `work` returns the number of
/// rows.
Timing time_it(std::string name, std::size_t runs, const std::function<std::size_t()>& work);

/// A table with a bar for each line, whose length is proportional to the time.
std::string timing_table(const std::vector<Timing>& timings);
/// `12.3 ms`.
std::string duration_text(double seconds);

} // namespace kith::cli
