#pragma once

#include <kith/error.hpp>
#include <kith/limits.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// What bounds a call: its deadline, its tokens, its limits.
namespace kith::base {

/// What a Database handle, a QuerySet or the options of a block ask for: it applies to each of their calls.
struct Bounds {
    std::optional<std::chrono::milliseconds> deadline{};
    std::vector<std::stop_token> stops{};
    Limits limits{};

    bool any() const noexcept;
};

/// Both together: the earliest deadline, all tokens, the lowest limits. Either may be null.
std::shared_ptr<const Bounds> both(std::shared_ptr<const Bounds> a, std::shared_ptr<const Bounds> b);
/// The lower of two limits, where 0 is none.
Limits lowest(const Limits& a, const Limits& b) noexcept;

/// How much a call has loaded, against its limits.
class Budget {
public:
    explicit Budget(const Limits& limits, std::string label) : limits_(limits), label_(std::move(label)) {}

    const Limits& limits() const noexcept { return limits_; }
    bool counts_rows() const noexcept { return limits_.rows != 0 || limits_.related_rows != 0 || limits_.bytes != 0; }
    /// Counts a statement that is about to run. `lookup`: the one it loads; empty for a main statement.
    void add_statement(std::string_view lookup);
    /// Counts a row that has arrived. Throws LimitExceeded if it is too much.
    void add_row(std::string_view lookup, std::size_t bytes);
    /// The limit of the rows of a statement; 0 for none.
    std::size_t most_rows(std::string_view lookup) const noexcept {
        return lookup.empty() ? limits_.rows : limits_.related_rows;
    }

private:
    [[noreturn]] void refuse(std::string_view member, std::size_t most, std::string_view lookup) const;

    Limits limits_;
    std::string label_; // of the call's model; empty for none
    std::size_t rows_{0};
    std::size_t related_rows_{0};
    std::size_t bytes_{0};
    std::size_t statements_{0};
};

/// The bounds of one call, or of one block, that has begun. Used by one thread at a time, except over() and check().
class Bound {
public:
    using Clock = std::chrono::steady_clock;

    /// Begins the time of `bounds`. `call` and `model` are for messages: `evaluate`, `Person`; both may be empty.
    Bound(std::shared_ptr<const Bounds> bounds, std::string_view call, std::string_view model);
    /// For the end of a call whose time is over: an undo that takes longer is left to the server.
    static Bound for_undo(std::chrono::milliseconds longest) noexcept;
    /// The bounds of a call inside a block, or of a call inside another: the earliest deadline, all tokens, and the
    /// limits of both, each with its own count. Either may be null.
    static std::shared_ptr<Bound> both(const std::shared_ptr<Bound>& whole, const std::shared_ptr<Bound>& part);

    /// Whether it began with `bounds`, by itself or with others.
    bool began_with(const Bounds& bounds) const noexcept;
    /// Whether the deadline has passed, or a stop was requested.
    bool over() const noexcept { return stopped() || (until_ != Clock::time_point::max() && Clock::now() >= until_); }
    /// Whether the time of the call itself can end: false if there are only limits.
    bool can_end() const noexcept { return until_ != Clock::time_point::max() || !stops_.empty(); }
    /// How long to wait, at most `longest`, before over() must be asked again.
    std::chrono::milliseconds wait(std::chrono::milliseconds longest) const noexcept;
    /// How much of the time is left, at most `longest`.
    std::chrono::milliseconds left(std::chrono::milliseconds longest) const noexcept;
    /// Throws if it is over. `doing` completes the sentence: `the deadline of 200 ms passed while …`.
    void check(std::string_view doing) const {
        if (over()) raise(doing);
    }
    /// Throws DeadlineExceeded or Cancelled. `unknown`: what is unknown about the outcome; empty if nothing is.
    [[noreturn]] void raise(std::string_view doing, ErrorContext context = {}, std::string_view unknown = {}) const;
    /// Whether rows must be counted, against one of its limits or more; and with their bytes.
    bool counts_rows() const noexcept;
    bool counts_bytes() const noexcept;
    /// As Budget does, against all of its limits.
    void add_statement(std::string_view lookup);
    void add_row(std::string_view lookup, std::size_t bytes);
    /// The most rows and bytes that a statement can have before it is too much; 0 for no limit.
    std::size_t most_rows(std::string_view lookup) const noexcept;
    std::size_t most_bytes() const noexcept;
    /// What has been counted up to now, to be restored where the work begins again.
    std::vector<Budget> counted() const;
    void restore(std::vector<Budget> counted) noexcept;

private:
    Bound() = default;
    bool stopped() const noexcept;

    std::vector<std::shared_ptr<const Bounds>> began_with_{};
    Clock::time_point until_{Clock::time_point::max()};
    std::chrono::milliseconds given_{0};
    std::vector<std::stop_token> stops_{};
    std::string call_{};
    std::string model_{};
    std::vector<std::shared_ptr<Budget>> budgets_{};
};

} // namespace kith::base
