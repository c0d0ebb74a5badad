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

/// A span under way. Ends when it goes. It is told to those who traced when it began, and to nobody else.
class SpanBuilder {
public:
    /// Null while nobody traces; also where there is no memory for it.
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
    // Before it starts.
    void name(std::string name) { span_.name = std::move(name); }
    /// For what is only known to have happened when it is over.
    void begin_at(std::chrono::steady_clock::time_point start) noexcept { span_.start = start; }

    void set(std::string_view key, std::string value) {
        span_.attributes.push_back({std::string(key), std::move(value)});
    }
    void set(std::string_view key, std::size_t value) {
        span_.attributes.push_back({std::string(key), static_cast<std::int64_t>(value)});
    }
    /// Nothing where the line is not known.
    void set_source(std::source_location where);
    /// The database system, its database and its address.
    void set_server(const backend::ServerAddress& server);
    /// What failed. Stands until forget_failure(): work may be tried again after a failure.
    void fail(const std::exception& error) noexcept;
    void forget_failure() noexcept { failure_.reset(); }

private:
    void start();

    std::shared_ptr<Observers> observers_;
    Observers::List tracers_;
    Span span_;
    struct Failure {
        std::string type{};
        std::string status{}; ///< what the database calls it: its SQLSTATE, else its number; empty where it was not the
                              ///< database
    };
    std::optional<Failure> failure_;
    bool started_{false};
};

/// A range-for over a QuerySet is the user's line; `std::ranges::find(rows, …)` is one of the standard library's, which
/// says nothing of the program. Gives none for these.
std::source_location of_program(std::source_location where) noexcept;

} // namespace kith::observe
