#include "observe/page/page.hpp"

#include <kith/database.hpp>
#include <kith/error.hpp>
#include <kith/trace_page.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <utility>

namespace kith {

struct Trace::State {
    State(const Database& watched, std::string_view name, TraceOptions given)
        : database(name),
          title(std::move(given.title)),
          is_redacted(given.parameter_values == ParameterValues::redacted ||
                      watched.options().parameter_values == ParameterValues::redacted),
          log(watched, {.parameter_values = given.parameter_values}),
          detector(watched, std::move(given.detector)) {}

    std::string database; // its name in messages
    std::string title;
    bool is_redacted;
    std::chrono::steady_clock::time_point begin{std::chrono::steady_clock::now()};
    QueryLog log;
    LoadingDetector detector;
};

Trace::Trace(const Database& db, std::string_view name, TraceOptions options)
    : state_(std::make_unique<State>(db, name, std::move(options))) {}

Trace::~Trace() = default;

std::string Trace::html() const {
    const observe::Recording recording{.title = state_->title,
                                       .database = state_->database,
                                       .redacted = state_->is_redacted,
                                       .recorded = std::chrono::system_clock::now(),
                                       .begin = state_->begin,
                                       .duration = std::chrono::steady_clock::now() - state_->begin,
                                       .entries = state_->log.entries(),
                                       .control = state_->log.control_entries(),
                                       .findings = state_->detector.findings()};
    std::random_device random;
    return observe::to_html(recording, fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random()));
}

void Trace::write(const std::string& file) const {
    const auto page = html();
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(page.data(), static_cast<std::streamsize>(page.size()));
    stream.close();
    if (!stream) {
        throw Error(fmt::format(
            "the trace could not be written to {}: {}. Name a file in an existing folder that can be written to", file,
            std::strerror(errno)));
    }
}

} // namespace kith
