#pragma once

#include <kith/kith.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace soak {

/// What a process holds, between two rounds.
struct Sample {
    double minutes{0};     ///< since the start
    double resident{0};    ///< MB of memory
    double live{0};        ///< MB that are allocated and not freed
    double descriptors{0}; ///< that are open
    double connections{0}; ///< of this process, at the server
};

/// A sample of this process. `sessions` counts its connections at the server; empty for none.
Sample take_sample(double minutes, const kith::Database& db, const std::string& sessions);

std::size_t open_descriptors();

/// How something changes with time, by the method of least squares.
struct Trend {
    double mean{0};
    double growth{0}; ///< over the whole time
    double error{0};  ///< the standard error of the growth
};

/// Of the samples after the first quarter, in which caches fill.
Trend trend_of(const std::vector<Sample>& samples, double Sample::* value);

/// What grows in the samples beyond doubt; empty if nothing does.
std::string growth_in(const std::vector<Sample>& samples);

} // namespace soak
