#include "output.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace kith::cli {

namespace {

/// The character at `at`; moves `at` behind it.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto first = static_cast<unsigned char>(text[at++]);
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    std::uint32_t code = more == 3 ? first & 7U : more == 2 ? first & 15U : more == 1 ? first & 31U : first;
    for (int i = 0; i < more && at < text.size(); ++i)
        code = code << 6 | (static_cast<unsigned char>(text[at++]) & 63U);
    return code;
}

std::size_t columns_of(std::uint32_t code) {
    if ((code >= 0x300 && code <= 0x36f) || code == 0x200b || code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f))
        return 0;
    const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                      (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
    return wide ? 2 : 1;
}

} // namespace

void Output::flush() {
    const auto text = std::exchange(text_, {});
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written) throw OperationalError(fmt::format("the output could not be written: {}", std::strerror(errno)));
}

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) width += columns_of(next_character(text, at));
    return width;
}

std::string shortened(const std::string& text, std::size_t most) {
    if (width_of(text) <= most) return text;
    std::size_t width = 0;
    std::size_t at = 0;
    while (true) {
        auto next = at;
        width += columns_of(next_character(text, next));
        if (width >= most) return text.substr(0, at) + "…";
        at = next;
    }
}

std::string padded(const std::string& text, std::size_t width, bool to_the_right) {
    const auto have = width_of(text);
    const std::string blanks(width > have ? width - have : 0, ' ');
    return to_the_right ? blanks + text : text + blanks;
}

std::string grouped(std::size_t number) {
    auto text = fmt::format("{}", number);
    for (auto at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::string counted(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

} // namespace kith::cli
