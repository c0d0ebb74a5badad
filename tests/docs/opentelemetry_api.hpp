#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// As much of opentelemetry-cpp's API as the guide uses, under its names and with its signatures: Debian has no package
/// of it. Keeps the spans that end.
namespace opentelemetry {

namespace nostd {
template <class T>
using shared_ptr = std::shared_ptr<T>;
} // namespace nostd

namespace trace {

enum class StatusCode { kUnset, kOk, kError };
enum class SpanKind { kInternal, kServer, kClient };

struct SpanContext {
    int span_id{0};
};
struct StartSpanOptions {
    std::variant<std::monostate, SpanContext> parent{};
    SpanKind kind{SpanKind::kInternal};
};

struct Recorded {
    std::string name{};
    int id{0};
    int parent{0};
    SpanKind kind{SpanKind::kInternal};
    StatusCode status{StatusCode::kUnset};
    std::vector<std::string> keys{};
};
inline std::vector<Recorded> recorded;

class Span {
public:
    explicit Span(Recorded start) : about_(std::move(start)) {}
    void SetAttribute(std::string_view key, const std::variant<std::string_view, std::int64_t>&) noexcept {
        about_.keys.emplace_back(key);
    }
    void SetStatus(StatusCode code, std::string_view = "") noexcept { about_.status = code; }
    void End() noexcept { recorded.push_back(about_); }
    SpanContext GetContext() const noexcept { return {about_.id}; }

private:
    Recorded about_;
};

class Tracer {
public:
    nostd::shared_ptr<Span> StartSpan(std::string_view name, const StartSpanOptions& options) noexcept {
        const auto* parent = std::get_if<SpanContext>(&options.parent);
        return std::make_shared<Span>(Recorded{.name = std::string(name),
                                               .id = ++last_,
                                               .parent = parent != nullptr ? parent->span_id : 0,
                                               .kind = options.kind});
    }

private:
    int last_{0};
};

class TracerProvider {
public:
    nostd::shared_ptr<Tracer> GetTracer(std::string_view) noexcept { return std::make_shared<Tracer>(); }
};

class Provider {
public:
    static nostd::shared_ptr<TracerProvider> GetTracerProvider() noexcept { return std::make_shared<TracerProvider>(); }
};

} // namespace trace
} // namespace opentelemetry
