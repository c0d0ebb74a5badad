#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace kith::cli {

/// How long one way of loading took.
struct Timing {
    std::string name{};
    double median{0}; ///< seconds
    double fastest{0};
    std::size_t runs{0};
    std::size_t statements{0};
    std::size_t rows{0};   ///< of the table asked for
    bool estimated{false}; ///< from a sample
};

/// Lets `work` run once to warm up, and `runs` times for the clock; fewer where it takes long. It gives the number of
/// rows.
Timing time_it(std::string name, std::size_t runs, const std::function<std::size_t()>& work);

/// A table with a bar for each line, as long as its time is.
std::string timing_table(const std::vector<Timing>& timings);
/// `12.3 ms`.
std::string duration_text(double seconds);

} // namespace kith::cli
