#include "base/printable.hpp"
#include "base/utf8.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace kith::detail {

namespace {

// Texts from outside are at the beginning of a message, the remedy is at its end.
constexpr std::size_t longest_message = 4000;
constexpr std::size_t longest_beginning = 2500;
constexpr std::size_t longest_end = 1000;

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

std::string shown_message(const std::string& message) {
    auto shown = is_plain(message) ? message : utf8::printable(message);
    if (shown.size() <= longest_message) return shown;
    const auto first = utf8::character_begin(shown, longest_beginning);
    const auto last = utf8::character_begin(shown, shown.size() - longest_end);
    return shown.replace(first, last - first, " … ");
}

} // namespace kith::detail
