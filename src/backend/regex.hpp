#pragma once

#include "base/bound.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
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
        left_ = std::min(left_ + for_each_byte * static_cast<std::int64_t>(bytes), at_first);
    }
    /// False if there is none left.
    bool take() noexcept { return --left_ > 0; }
    std::int64_t left() const noexcept { return left_; }

private:
    std::int64_t left_{at_first};
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
    bool search(std::string_view text, MatchSteps& steps, const base::Bound* bound) const;

private:
    struct Code;
    std::unique_ptr<Code> code_;
};

} // namespace kith::backend
