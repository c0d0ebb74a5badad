#pragma once

#include <kith/connect_options.hpp>
#include <kith/loading_detector.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace kith {

class Database;

/// Options of a Trace.
struct TraceOptions {
    /// The heading of the page.
    std::string title{"Trace"};
    /// `redacted` keeps the values of parameters out of the Trace and its page.
    ParameterValues parameter_values{ParameterValues::shown};
    /// The options of the LoadingDetector that finds what the page shows.
    LoadingDetectorOptions detector{};
};

/// Records what runs on a Database while it lives, from all threads, and writes it as a page for a browser: a waterfall
/// of the statements by lookup path, and the findings of a LoadingDetector with their remedies.
///
///     const kith::Trace trace(db, {.title = "Front page"});
///     …
///     trace.write("front-page.html");
///
/// The page is one self-contained HTML file that uses no network. It shows the text of the statements and, unless they
/// are redacted, the values of their parameters: take care who may read it. Runs no statement. Keeps every recorded
/// statement in memory until it is destroyed, as QueryLog does.
class Trace {
public:
    /// Starts recording.
    explicit Trace(const Database& db, TraceOptions options = {});
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;
    ~Trace();

    /// Returns the page in UTF-8, with the statements that have ended. It shows the first 20,000 one by one; later ones
    /// only count in the totals of their text and lookup path.
    std::string html() const;
    /// Writes the page to `file`, which is created or overwritten. Throws Error if that fails.
    void write(const std::string& file) const;

private:
    struct State;

    Trace(const Database& db, std::string_view name, TraceOptions options);

    std::unique_ptr<State> state_;
};

} // namespace kith
