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

/// The files page.html, page.css and page.js, and the version of Kith, put into the library by its build.
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
extern const std::string_view version;

/// Statements that a page shows one by one.
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

/// The recording as JSON that may stand in a script element: times in nanoseconds after `begin`, equal statements of
/// one lookup path folded into one of `statements`, which counts them all, the first `runs` of them one by one in
/// `runs`.
std::string to_json(const Recording& recording, std::size_t runs = most_runs);

/// The whole page. `nonce` is what its Content-Security-Policy tells its script and style by: nothing in the recording
/// may have known it.
std::string to_html(const Recording& recording, std::string_view nonce);

} // namespace kith::observe
