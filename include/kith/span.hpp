#pragma once

#include <kith/connect_options.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kith {

/// The value of a SpanAttribute, a text or a number: a std::variant. Copying it without memory throws std::bad_alloc;
/// with libstdc++ 12, copying the variant itself would be undefined then.
struct SpanValue : std::variant<std::string, std::int64_t> {
    using variant::variant;
    SpanValue(const SpanValue& other);
    SpanValue(SpanValue&&) noexcept;
    SpanValue& operator=(const SpanValue& other);
    SpanValue& operator=(SpanValue&&) noexcept;
    ~SpanValue();

private:
    void assign(const SpanValue& other);
};

/// An attribute of a Span.
struct SpanAttribute {
    std::string key; ///< `db.query.text`
    SpanValue value; ///< a text or a number
};

/// A piece of work on a Database, reported by `on_trace`. Names and attributes follow OpenTelemetry's conventions for
/// database clients; docs/spans.md lists them.
struct Span {
    /// What a span covers.
    enum class Kind : std::uint8_t {
        transaction, ///< an `atomic` block
        evaluation,  ///< a call that queries the database: of a QuerySet with its lookups, of a set, of a Database
        statement,   ///< one statement
        control,     ///< transaction control: BEGIN, COMMIT, SAVEPOINT, ROLLBACK
    };

    Kind kind{Kind::statement}; ///< what it covers
    std::uint64_t id{0};        ///< unique among the spans of this Database, from 1
    std::uint64_t parent{0};    ///< the id of the span that contains it; 0 for none
    std::string name{};         ///< `SELECT person`, `get Person`, `load Person.hometown`: one of few
    std::chrono::system_clock::time_point started_at{}; ///< `start` as wall-clock time (UTC)
    std::chrono::steady_clock::time_point start{};      ///< when it started, on the steady clock
    std::chrono::steady_clock::time_point end{};        ///< when it ended; equal to `start` before that
    bool failed{false};                                 ///< whether it failed: the attribute `error.type` says how
    std::vector<SpanAttribute> attributes{};            ///< see docs/spans.md

    /// Returns the attribute of this name, or null.
    const SpanAttribute* find(std::string_view key) const noexcept;
};

/// An observer of spans. Both functions are called on the thread that does the work, for one span at a time. Their
/// exceptions are dropped, and their own statements are not reported.
struct Tracer {
    /// Called when a span ends, after the spans inside it. Required.
    std::function<void(const Span&)> ended;
    /// Called when a span starts, with the attributes known by then: for tracing systems that must open a span before
    /// the spans inside it.
    std::function<void(const Span&)> started{};
    /// `shown` adds the parameters of statements as attributes `db.query.parameter.0` and so on.
    ParameterValues parameter_values{ParameterValues::redacted};
};

} // namespace kith
