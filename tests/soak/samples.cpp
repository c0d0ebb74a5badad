#include "soak/samples.hpp"

#include "support/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace soak {

namespace {

constexpr double megabyte = 1024.0 * 1024.0;

double resident_megabytes() {
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / megabyte;
}

} // namespace

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all))) - 1; // without the iterator's own
}

Sample take_sample(double minutes, const kith::Database& db, const std::string& sessions) {
    Sample sample{.minutes = minutes};
    if (!sessions.empty()) sample.connections = static_cast<double>(db.raw<std::int64_t>(sessions).front());
    sample.resident = resident_megabytes();
    sample.live = static_cast<double>(live_bytes()) / megabyte;
    sample.descriptors = static_cast<double>(open_descriptors());
    return sample;
}

Trend trend_of(const std::vector<Sample>& samples, double Sample::* value) {
    const auto first = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 4);
    const auto count = static_cast<double>(samples.end() - first);
    if (count < 3) return {};
    double time = 0;
    double mean = 0;
    for (auto sample = first; sample != samples.end(); ++sample) {
        time += sample->minutes / count;
        mean += (*sample).*value / count;
    }
    double spread = 0;
    double common = 0;
    for (auto sample = first; sample != samples.end(); ++sample) {
        spread += std::pow(sample->minutes - time, 2);
        common += (sample->minutes - time) * ((*sample).*value - mean);
    }
    const auto slope = common / spread;
    double rest = 0;
    for (auto sample = first; sample != samples.end(); ++sample) {
        rest += std::pow((*sample).*value - mean - slope * (sample->minutes - time), 2);
    }
    const auto minutes = samples.back().minutes - first->minutes;
    return {.mean = mean, .growth = slope * minutes, .error = minutes * std::sqrt(rest / (count - 2) / spread)};
}

std::string growth_in(const std::vector<Sample>& samples) {
    struct Kind {
        std::string_view name;
        double Sample::* value;
        double part; // of the mean that may be chance
        double least;
    };
    constexpr std::array kinds{
        Kind{"MB of resident memory", &Sample::resident, 0.02, 1.0}, Kind{"MB allocated", &Sample::live, 0.02, 0.2},
        Kind{"descriptors", &Sample::descriptors, 0, 1}, Kind{"connections", &Sample::connections, 0, 1}};
    std::string text;
    for (const auto& kind : kinds) {
        const auto trend = trend_of(samples, kind.value);
        if (trend.growth - 3 * trend.error <= std::max(kind.part * trend.mean, kind.least)) continue;
        text += fmt::format("{} grew by {:.2f} ± {:.2f}, from {:.2f} in the middle; ", kind.name, trend.growth,
                            trend.error, trend.mean);
    }
    return text;
}

} // namespace soak
