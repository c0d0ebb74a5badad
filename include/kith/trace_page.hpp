#pragma once

#include <kith/connect_options.hpp>
#include <kith/loading_detector.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace kith {

class Database;

struct TraceOptions {
    /// What ran: the heading of the page.
    std::string title{"Trace"};
    /// With `redacted` neither the Trace nor its page has the values of parameters.
    ParameterValues parameter_values{ParameterValues::shown};
    /// From when on loading is a finding, and who else is told of it.
    LoadingDetectorOptions detector{};
};

/// Records what runs on a Database while it lives, from all threads, and writes it as a page for a browser: a waterfall
/// of the statements by lookup path, and what a LoadingDetector found, with the remedies.
///
///     const kith::Trace trace(db, {.title = "Front page"});
///     …
///     trace.write("front-page.html");
///
/// The page is one HTML file. It holds all that it shows, and neither asks the network for anything nor sends anything.
/// It shows the text of the statements and, unless they are redacted, the values of their parameters: look at who may
/// read it. Runs no statement of its own. Keeps every statement until it is destroyed, as QueryLog does.
class Trace {
public:
    explicit Trace(const Database& db, TraceOptions options = {});
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;
    ~Trace();

    /// The page, in UTF-8, with what has ended by now. It shows the first 20,000 statements one by one; those that
    /// follow are counted in the rows, times and numbers of their text and path.
    std::string html() const;
    /// Writes the page into `file`, which is made, or written over. Throws Error where that fails.
    void write(const std::string& file) const;

private:
    struct State;

    Trace(const Database& db, std::string_view name, TraceOptions options);

    std::unique_ptr<State> state_;
};

} // namespace kith
