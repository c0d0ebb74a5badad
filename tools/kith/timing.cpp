#include "timing.hpp"

#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace kith::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double patience = 20; // seconds for all runs of one way
constexpr std::size_t bar_width = 32;

double seconds_of(const std::function<std::size_t()>& work, std::size_t& rows) {
    const auto begin = Clock::now();
    rows = work();
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// In eighths of a character, so that short times differ.
std::string bar(double share) {
    constexpr const char* parts[]{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const auto eighths = static_cast<std::size_t>(share * bar_width * 8 + 0.5);
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    text += parts[eighths % 8];
    return text.empty() ? "▏" : text;
}

} // namespace

Timing time_it(std::string name, std::size_t runs, const std::function<std::size_t()>& work) {
    Timing timing{.name = std::move(name)};
    double spent = seconds_of(work, timing.rows);
    std::vector<double> times;
    while (times.empty() || (times.size() < runs && spent < patience)) {
        times.push_back(seconds_of(work, timing.rows));
        spent += times.back();
    }
    std::ranges::sort(times);
    const auto middle = times.size() / 2;
    timing.median = times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    timing.fastest = times.front();
    timing.runs = times.size();
    return timing;
}

std::string duration_text(double seconds) {
    if (seconds < 1e-3) return fmt::format("{:.0f} µs", seconds * 1e6);
    if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
    return fmt::format("{:.2f} s", seconds);
}

std::string timing_table(const std::vector<Timing>& timings) {
    double slowest = 0;
    std::size_t widest = 0;
    for (const auto& timing : timings) {
        slowest = std::max(slowest, timing.median);
        widest = std::max(widest, width_of(timing.name));
    }
    std::string out =
        fmt::format("{}  {:>10}  {:>10}  {:>10}\n", padded("", widest), "median", "fastest", "statements");
    for (const auto& timing : timings) {
        const auto* mark = timing.estimated ? "≈ " : "";
        out += fmt::format(
            "{}  {}  {}  {}  {}\n", padded(timing.name, widest), padded(mark + duration_text(timing.median), 10, true),
            padded(mark + duration_text(timing.fastest), 10, true), padded(mark + grouped(timing.statements), 10, true),
            bar(slowest > 0 ? timing.median / slowest : 0));
    }
    return out;
}

} // namespace kith::cli
