#pragma once

#include "base/bound.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

/// Regular expressions for the lookups `regex` and `iregex`: PCRE2 over UTF-8, searching anywhere in the text.
namespace kith::backend {

/// How many steps the matches of one statement may take. Each byte of a text adds some, so a pattern that takes time in
/// proportion to the text never runs out of them, however many rows there are; one that tries the same text over and
/// over again does.
class MatchSteps {
public:
    /// About a second.
    static constexpr std::int64_t at_first = 20'000'000;
    static constexpr std::int64_t for_each_byte = 100;

    /// Begins a statement.
    void refill() noexcept { left_ = at_first; }
    void add_text(std::size_t bytes) noexcept {
        left_ = std::min(left_ + for_each_byte * (static_cast<std::int64_t>(bytes) + 1), at_first);
        ++texts_;
    }
    /// False if there are none left.
    bool take(std::int64_t steps) noexcept {
        left_ -= steps;
        taken_ += steps;
        return left_ > 0;
    }
    /// Whether it is time to look at the clock, for a text or for a step.
    bool looks_after_text() const noexcept { return texts_ % texts_between_looks == 0; }
    bool looks_after_step() noexcept {
        if (taken_ < steps_between_looks) return false;
        taken_ = 0;
        return true;
    }

private:
    static constexpr std::uint64_t texts_between_looks = 8;
    static constexpr std::int64_t steps_between_looks = 1024;

    std::int64_t left_{at_first};
    std::int64_t taken_{0}; // since the last look at the clock
    std::uint64_t texts_{0};
};

/// A search was ended because the call that it serves is over.
struct MatchEnded : std::exception {};

class Regex {
public:
    /// Throws ValueError with the position for an invalid pattern.
    Regex(std::string_view pattern, bool ignore_case);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    /// Takes its steps from `steps`. Throws ValueError if these run out, and MatchEnded when `bound`, which may be
    /// null, is over.
    ///
    /// A short text is tried without counting first, with so few steps that its bytes have paid for them. Only where
    /// these do not suffice, and for longer texts, each step is counted: that takes up to 1.7 times as long.
    bool search(std::string_view text, MatchSteps& steps, const base::Bound* bound);

private:
    struct Code;

    std::unique_ptr<Code> compiled(std::uint32_t options) const;
    bool search_counting(std::string_view text, MatchSteps& steps, const base::Bound* bound);

    std::string pattern_;
    bool ignore_case_;
    std::unique_ptr<Code> plain_;
    std::unique_ptr<Code> counting_; // made when it is needed
};

} // namespace kith::backend
