#include "base/printable.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace kith::utf8 {

namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// Unicode's controls and format characters (categories Cc, Cf, Zl and Zp) and tags, in order. The two joiners are not
/// among them, because words of Persian and of Indian scripts need them; nor are the visible characters of category Cf.
constexpr std::array<Range, 15> unseen{{{0x00, 0x1f},
                                        {0x7f, 0x9f},
                                        {0xad, 0xad},
                                        {0x61c, 0x61c},
                                        {0x180e, 0x180e},
                                        {0x200b, 0x200b},
                                        {0x200e, 0x200f},
                                        {0x2028, 0x202e},
                                        {0x2060, 0x206f},
                                        {0xfeff, 0xfeff},
                                        {0xfff9, 0xfffb},
                                        {0x13430, 0x1343f},
                                        {0x1bca0, 0x1bca3},
                                        {0x1d173, 0x1d17a},
                                        {0xe0000, 0xe007f}}};

void append_escape(std::string& out, std::uint32_t code) {
    const auto to = std::back_inserter(out);
    if (code == '\n') {
        out += "\\n";
    } else if (code == '\r') {
        out += "\\r";
    } else if (code == '\t') {
        out += "\\t";
    } else {
        fmt::format_to(to, code <= 0xffff ? fmt::runtime("\\u{:04x}") : fmt::runtime("\\U{:08x}"), code);
    }
}

/// `text` with escapes for unseen characters, except the characters `kept`.
std::string escaped(std::string_view text, std::string_view kept) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, size] = character_at(text, at);
        if (size == 0) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[at]));
        } else if (is_unseen(code) && kept.find(text[at]) == std::string_view::npos) {
            append_escape(out, code);
        } else {
            out += text.substr(at, size);
        }
        at += std::max<std::size_t>(size, 1);
    }
    return out;
}

} // namespace

Character character_at(std::string_view text, std::size_t at) {
    const auto size = character_size(text, at);
    if (size == 0) return {};
    const auto first = static_cast<unsigned char>(text[at]);
    std::uint32_t code = size == 1 ? first : first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
    return {code, size};
}

bool is_unseen(std::uint32_t code) {
    return std::ranges::any_of(unseen, [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::string printable(std::string_view text) { return escaped(text, {}); }
std::string printable_lines(std::string_view text) { return escaped(text, "\n"); }

} // namespace kith::utf8
