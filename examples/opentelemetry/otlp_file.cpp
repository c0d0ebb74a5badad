#include "otlp_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

namespace {

/// As a JSON text, in its quotes.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// Whole numbers of 64 bits are texts in the JSON of protocol buffers.
std::string json(const kith::SpanAttribute& attribute) {
    const auto* number = std::get_if<std::int64_t>(&attribute.value);
    const auto value = number != nullptr
                           ? fmt::format(R"("intValue":"{}")", *number)
                           : fmt::format(R"("stringValue":{})", quoted(std::get<std::string>(attribute.value)));
    return fmt::format(R"({{"key":{},"value":{{{}}}}})", quoted(attribute.key), value);
}

std::int64_t nanoseconds(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

/// SPAN_KIND_CLIENT for what goes to the database, SPAN_KIND_INTERNAL for what holds it.
int kind_of(const kith::Span& span) {
    const bool asks = span.kind == kith::Span::Kind::statement || span.kind == kith::Span::Kind::control;
    return asks ? 3 : 1;
}

} // namespace

OtlpFile::OtlpFile(const std::string& path, std::string service) : service_(std::move(service)) {
    file_.exceptions(std::ios::failbit | std::ios::badbit);
    file_.open(path);
}

kith::Tracer OtlpFile::tracer() {
    return {.ended = [this](const kith::Span& span) { write(span); },
            .started = [this](const kith::Span& span) { begin(span); }};
}

/// Kith calls for one span at a time, so that nothing here needs a lock.
void OtlpFile::begin(const kith::Span& span) {
    const auto parent = open_.find(span.parent);
    auto trace = parent != open_.end() ? parent->second.trace : random_id(32);
    open_[span.id] = {.trace = std::move(trace), .span = random_id(16)};
}

void OtlpFile::write(const kith::Span& span) {
    const auto ids = open_.extract(span.id).mapped();
    const auto parent = open_.find(span.parent);
    const auto start = nanoseconds(span.started_at);
    const auto duration = std::chrono::nanoseconds(span.end - span.start).count();
    std::string attributes;
    for (const auto& attribute : span.attributes) attributes += (attributes.empty() ? "" : ",") + json(attribute);
    file_ << R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":)"
          << quoted(service_) << R"(}}]},"scopeSpans":[{"scope":{"name":"kith"},"spans":[{"traceId":")" << ids.trace
          << R"(","spanId":")" << ids.span << R"(","parentSpanId":")"
          << (parent != open_.end() ? parent->second.span : std::string{}) << R"(","name":)" << quoted(span.name)
          << R"(,"kind":)" << kind_of(span) << R"(,"startTimeUnixNano":")" << start << R"(","endTimeUnixNano":")"
          << start + duration << R"(","attributes":[)" << attributes << R"(],"status":{)"
          << (span.failed ? R"("code":2)" : "") << "}}]}]}]}\n"
          << std::flush;
}

std::string OtlpFile::random_id(int digits) {
    std::string id;
    while (static_cast<int>(id.size()) < digits) id += fmt::format("{:016x}", random_());
    return id.substr(0, static_cast<std::size_t>(digits));
}
