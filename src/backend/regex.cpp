#include "backend/regex.hpp"

#include <kith/error.hpp>

#include <array>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

namespace kith::backend {
namespace {

constexpr std::uint32_t most_memory = 64 * 1024; // KiB

/// What may be tried without counting: at each position of a text of at most so many bytes so many steps, each of which
/// may pass over the whole text. That costs no more than MatchSteps::for_each_byte.
constexpr std::size_t longest_uncounted_text = 256;
constexpr std::uint32_t most_uncounted_steps = 32;

struct FreeCode {
    void operator()(pcre2_code* p) const { pcre2_code_free(p); }
};
struct FreeContext {
    void operator()(pcre2_match_context* p) const { pcre2_match_context_free(p); }
};
struct FreeMatch {
    void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
};

std::string message_of(int error) {
    std::array<PCRE2_UCHAR, 256> text{};
    if (pcre2_get_error_message(error, text.data(), text.size()) == PCRE2_ERROR_BADDATA) return "unknown error";
    return reinterpret_cast<const char*>(text.data());
}

template <class T>
T* require(T* p) {
    if (p == nullptr) throw std::bad_alloc();
    return p;
}

PCRE2_SPTR units(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data() != nullptr ? text.data() : "");
}

/// One search, for the callback that PCRE2 calls before each item of the pattern that it tries.
struct Search {
    MatchSteps& steps;
    const base::Bound* bound;
    PCRE2_SIZE position{0};
    bool over{false};

    /// Items such as `a*+` pass over many characters at once.
    std::int64_t cost_of_way_to(PCRE2_SIZE next) {
        constexpr PCRE2_SIZE characters_in_step = 16;
        const auto before = std::exchange(position, next);
        const auto way = next > before ? next - before : before - next;
        return 1 + static_cast<std::int64_t>(way / characters_in_step);
    }

    static int step(pcre2_callout_block* block, void* data) {
        auto& search = *static_cast<Search*>(data);
        if (!search.steps.take(search.cost_of_way_to(block->current_position))) return PCRE2_ERROR_CALLOUT;
        if (search.bound == nullptr || !search.steps.looks_after_step()) return 0;
        search.over = search.bound->over();
        return search.over ? PCRE2_ERROR_CALLOUT : 0;
    }
};

} // namespace

struct Regex::Code {
    std::unique_ptr<pcre2_code, FreeCode> code;
    std::unique_ptr<pcre2_match_context, FreeContext> limits;
    std::unique_ptr<pcre2_match_data, FreeMatch> match;

    int search(std::string_view text) const {
        return pcre2_match(code.get(), units(text), text.size(), 0, 0, match.get(), limits.get());
    }
};

Regex::Regex(std::string_view pattern, bool ignore_case)
    : pattern_(pattern), ignore_case_(ignore_case), plain_(compiled(0)) {
    // For each position in a text: PCRE2 renews it there.
    pcre2_set_match_limit(plain_->limits.get(), most_uncounted_steps);
}

Regex::~Regex() = default;

std::unique_ptr<Regex::Code> Regex::compiled(std::uint32_t options) const {
    auto made = std::make_unique<Code>();
    options |= PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | (ignore_case_ ? PCRE2_CASELESS : 0U);
    int error = 0;
    PCRE2_SIZE position = 0;
    made->code.reset(pcre2_compile(units(pattern_), pattern_.size(), options, &error, &position, nullptr));
    if (!made->code) {
        throw ValueError(
            fmt::format("The regular expression is invalid: {} at position {}", message_of(error), position));
    }
    made->limits.reset(require(pcre2_match_context_create(nullptr)));
    pcre2_set_heap_limit(made->limits.get(), most_memory);
    made->match.reset(require(pcre2_match_data_create(1, nullptr)));
    return made;
}

bool Regex::search(std::string_view text, MatchSteps& steps, const base::Bound* bound) {
    steps.add_text(text.size());
    if (text.size() > longest_uncounted_text) return search_counting(text, steps, bound);
    const int found = plain_->search(text);
    if (bound != nullptr && steps.looks_after_text() && bound->over()) throw MatchEnded();
    if (found >= 0) return true;
    return found != PCRE2_ERROR_NOMATCH && search_counting(text, steps, bound);
}

bool Regex::search_counting(std::string_view text, MatchSteps& steps, const base::Bound* bound) {
    if (counting_ == nullptr) {
        counting_ = compiled(PCRE2_AUTO_CALLOUT);
        pcre2_set_match_limit(counting_->limits.get(), static_cast<std::uint32_t>(MatchSteps::at_first));
    }
    Search search{steps, bound};
    pcre2_set_callout(counting_->limits.get(), &Search::step, &search);
    const int found = counting_->search(text);
    if (found == PCRE2_ERROR_NOMATCH) return false;
    if (search.over) throw MatchEnded();
    if (found == PCRE2_ERROR_CALLOUT) {
        throw ValueError(fmt::format("Matching the regular expression was stopped: the statement has used its {} steps "
                                     "up. Simplify the pattern: it repeats what contains a repetition, or what could "
                                     "match the same text in several ways",
                                     MatchSteps::at_first));
    }
    if (found < 0) {
        throw ValueError(
            fmt::format("Matching the regular expression was stopped: {}. Simplify the pattern", message_of(found)));
    }
    return true;
}

} // namespace kith::backend
