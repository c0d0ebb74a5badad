#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Text of others, such as the names and values in a database, made fit to be shown: what a terminal, an editor or a
/// compiler would take for something else than a letter is written as an escape.
namespace kith::cli {

/// A character of UTF-8.
struct Character {
    std::uint32_t code{0};
    std::size_t size{0}; ///< in bytes; 0 where the bytes are none of UTF-8
};
Character character_at(std::string_view text, std::size_t at);

/// Whether the character is not seen but steers: what terminals take as commands, the ends of lines and paragraphs, and
/// what turns the direction of the text around it or has no width.
bool is_unseen(std::uint32_t code);

/// `text` on one line: unseen characters as `\n`, `\u001b` and `\u202e`, and bytes that are no UTF-8 as `\xff`.
std::string printable(std::string_view text);
/// The same of text of several lines, whose line ends stay.
std::string printable_lines(std::string_view text);
/// The same as printable() for a comment of C++ up to the end of the line, which no `\` may end and no `??/` either.
std::string in_comment(std::string_view text);

} // namespace kith::cli
