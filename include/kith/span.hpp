#pragma once

#include <kith/connect_options.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kith {

struct SpanAttribute {
    std::string key;
    std::variant<std::string, std::int64_t> value;
};

/// A stretch of work on a Database, as `on_trace` tells of it. Its name and attributes follow OpenTelemetry's
/// conventions for database clients: docs/spans.md lists them.
struct Span {
    enum class Kind : std::uint8_t {
        transaction, ///< an `atomic` block
        evaluation,  ///< a call that asks the database: of a QuerySet with its lookups, of a set, of the Database
        statement,   ///< a statement of one of these
        control,     ///< BEGIN, COMMIT, SAVEPOINT and their like
    };

    Kind kind{Kind::statement};
    std::uint64_t id{0};     ///< among the spans of this Database, counted from 1
    std::uint64_t parent{0}; ///< the id of the span that it is part of; 0 for none
    std::string name{};      ///< of few different ones: `SELECT person`, `get Person`, `load Person.hometown`
    std::chrono::system_clock::time_point started_at{}; ///< `start` on the clock of the world
    std::chrono::steady_clock::time_point start{};
    std::chrono::steady_clock::time_point end{}; ///< that of the start while it has not ended
    bool failed{false};                          ///< it has the attribute `error.type`
    std::vector<SpanAttribute> attributes{};

    /// Null when there is none of that name.
    const SpanAttribute* find(std::string_view key) const noexcept {
        for (const auto& attribute : attributes) {
            if (attribute.key == key) return &attribute;
        }
        return nullptr;
    }
};

/// Who is told of spans. Both functions are called on the thread that does the work, for one span at a time; what they
/// throw is dropped, and what they ask the database themselves is not traced.
struct Tracer {
    /// Called at the end of each span, those within it first. Required.
    std::function<void(const Span&)> ended;
    /// Called at its start, with what is known by then: for tracing systems whose spans have to be open while those
    /// within them begin.
    std::function<void(const Span&)> started{};
    /// With `shown`, statements have their parameters as attributes `db.query.parameter.0` and so on.
    ParameterValues parameter_values{ParameterValues::redacted};
};

} // namespace kith
