#pragma once

#include <memory>
#include <string_view>

/// Regular expressions for the lookups `regex` and `iregex`: PCRE2 over UTF-8, searching anywhere in the text.
namespace kith::backend {

class Regex {
public:
    /// Throws ValueError with the position for an invalid pattern.
    Regex(std::string_view pattern, bool ignore_case);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    /// Throws ValueError if the pattern takes too many steps on this text, about a second.
    bool search(std::string_view text) const;

private:
    struct Code;
    std::unique_ptr<Code> code_;
};

} // namespace kith::backend
