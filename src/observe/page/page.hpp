#pragma once

#include <kith/loading_detector.hpp>
#include <kith/query_log.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The page of a Trace.
namespace kith::observe {

/// The files page.html, page.css and page.js, and the version of Kith, embedded into the library by the build.
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
extern const std::string_view version;

/// The maximum number of statements that a page shows one by one.
constexpr std::size_t most_runs = 20000;

/// What a page shows.
struct Recording {
    std::string title{};
    std::string database{};
    bool redacted{false};
    std::chrono::system_clock::time_point recorded{}; ///< when the recording ended
    std::chrono::steady_clock::time_point begin{};
    std::chrono::nanoseconds duration{};
    std::vector<QueryLog::Entry> entries{};
    std::vector<QueryLog::ControlEntry> control{};
    std::vector<LoadingFinding> findings{};
};

/// The recording as JSON for a script element, with times in nanoseconds after `begin`. `statements` has one entry for
/// equal statements of one lookup path, with totals over all of them; `runs` lists the first `runs` statements one by
/// one.
std::string to_json(const Recording& recording, std::size_t runs = most_runs);

/// The whole page. `nonce` identifies its script and style in its Content-Security-Policy; it must be unpredictable for
/// whatever is in the recording.
std::string to_html(const Recording& recording, std::string_view nonce);

} // namespace kith::observe
