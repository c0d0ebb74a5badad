#pragma once

#include "backend/backend.hpp"
#include "observe/observers.hpp"

#include <kith/error.hpp>
#include <kith/span.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace kith::observe {

/// A span in progress, which ends with the destructor. It is reported only to the tracers that were there when it
/// began.
class SpanBuilder {
public:
    /// Null without a tracer, and if memory is exhausted.
    template <class Fill>
    static std::shared_ptr<SpanBuilder> open(const std::shared_ptr<Observers>& observers, Span::Kind kind,
                                             std::uint64_t parent, Fill&& fill) noexcept {
        if (!observers->any_tracers()) return nullptr;
        try {
            auto span = std::make_shared<SpanBuilder>(observers, kind, parent);
            std::forward<Fill>(fill)(*span);
            span->start();
            return span;
        } catch (...) {
            return nullptr;
        }
    }

    SpanBuilder(const std::shared_ptr<Observers>& observers, Span::Kind kind, std::uint64_t parent);
    SpanBuilder(const SpanBuilder&) = delete;
    SpanBuilder& operator=(const SpanBuilder&) = delete;
    ~SpanBuilder();

    std::uint64_t id() const noexcept { return span_.id; }
    // To be called before the start.
    void name(std::string name) { span_.name = std::move(name); }
    /// For a span that is only known when it is over.
    void begin_at(std::chrono::steady_clock::time_point start) noexcept { span_.start = start; }

    void set(std::string_view key, std::string value) {
        span_.attributes.push_back({std::string(key), std::move(value)});
    }
    void set(std::string_view key, std::size_t value) {
        span_.attributes.push_back({std::string(key), static_cast<std::int64_t>(value)});
    }
    /// Sets nothing if the line is unknown.
    void set_source(std::source_location where);
    /// The database system, its database and its address.
    void set_server(const backend::ServerAddress& server);
    /// Records a failure, until forget_failure(): work may be tried again after a failure.
    void fail(const std::exception& error) noexcept;
    void forget_failure() noexcept { failure_.reset(); }

private:
    void start();

    std::shared_ptr<Observers> observers_;
    Observers::List tracers_;
    Span span_;
    struct Failure {
        std::string type{};
        std::string status{}; ///< the database's code for it: its SQLSTATE, else its number; empty if the database did
                              ///< not cause it
    };
    std::optional<Failure> failure_;
    bool started_{false};
};

/// The location of the program's own code. A range-for over a QuerySet has the program's line; `std::ranges::find(rows,
/// …)` has one of the standard library, for which this returns none.
std::source_location of_program(std::source_location where) noexcept;

} // namespace kith::observe
