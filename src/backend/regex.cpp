#include "backend/regex.hpp"

#include <kith/error.hpp>

#include <array>
#include <cstdint>
#include <new>
#include <string>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

namespace kith::backend {
namespace {

constexpr std::uint32_t most_memory = 64 * 1024; // KiB

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

/// One search, for the callback that PCRE2 calls at each step.
struct Search {
    MatchSteps& steps;
    const base::Bound* bound;
    bool over{false};

    static int step(pcre2_callout_block*, void* data) {
        constexpr std::int64_t looked_after = 1024; // at the clock
        auto& search = *static_cast<Search*>(data);
        if (!search.steps.take()) return PCRE2_ERROR_CALLOUT;
        if (search.bound == nullptr || search.steps.left() % looked_after != 0) return 0;
        search.over = search.bound->over();
        return search.over ? PCRE2_ERROR_CALLOUT : 0;
    }
};

} // namespace

struct Regex::Code {
    std::unique_ptr<pcre2_code, FreeCode> code;
    std::unique_ptr<pcre2_match_context, FreeContext> limits;
    std::unique_ptr<pcre2_match_data, FreeMatch> match;
};

Regex::Regex(std::string_view pattern, bool ignore_case) : code_(std::make_unique<Code>()) {
    // PCRE2 renews its own limit for each position in each text, so the steps are counted here.
    const std::uint32_t options =
        PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT | (ignore_case ? PCRE2_CASELESS : 0U);
    int error = 0;
    PCRE2_SIZE position = 0;
    code_->code.reset(pcre2_compile(units(pattern), pattern.size(), options, &error, &position, nullptr));
    if (!code_->code) {
        throw ValueError(
            fmt::format("The regular expression is invalid: {} at position {}", message_of(error), position));
    }
    code_->limits.reset(require(pcre2_match_context_create(nullptr)));
    pcre2_set_match_limit(code_->limits.get(), static_cast<std::uint32_t>(MatchSteps::at_first));
    pcre2_set_heap_limit(code_->limits.get(), most_memory);
    code_->match.reset(require(pcre2_match_data_create(1, nullptr)));
}

Regex::~Regex() = default;

bool Regex::search(std::string_view text, MatchSteps& steps, const base::Bound* bound) const {
    steps.add_text(text.size());
    Search search{steps, bound};
    pcre2_set_callout(code_->limits.get(), &Search::step, &search);
    const int found =
        pcre2_match(code_->code.get(), units(text), text.size(), 0, 0, code_->match.get(), code_->limits.get());
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
