#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Texts from outside, shown to people: names in databases, values, what a caller gave as a path.
namespace kith::utf8 {

/// A character of UTF-8.
struct Character {
    std::uint32_t code{0};
    std::size_t size{0}; ///< in bytes; 0 if the bytes are not UTF-8
};
Character character_at(std::string_view text, std::size_t at);

/// Whether the character is invisible or a control: terminal commands, ends of lines and paragraphs, and characters
/// that reverse the direction of the text or have no width.
bool is_unseen(std::uint32_t code);

/// `text` on one line: unseen characters as `\n`, `\u001b` and `\u202e`, and bytes that are not UTF-8 as `\xff`.
std::string printable(std::string_view text);
/// The same for text of several lines, whose line ends are kept.
std::string printable_lines(std::string_view text);

} // namespace kith::utf8
