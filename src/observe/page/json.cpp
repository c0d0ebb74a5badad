#include "observe/page/json.hpp"

#include "base/utf8.hpp"

#include <iterator>

namespace kith::observe {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD, for bytes that are not UTF-8

/// Characters that HTML or a terminal could interpret, and those that JSON must escape.
bool is_escaped(std::string_view character) {
    const auto byte = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return byte < 0x20 || byte == 0x7f || std::string_view("\"\\<>&").find(character) != std::string_view::npos;
    return character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9"; // U+2028 and U+2029 end lines in JavaScript
}

unsigned code_of(std::string_view character) {
    if (character.size() == 1) return static_cast<unsigned char>(character.front());
    return character.back() == '\xa8' ? 0x2028 : 0x2029;
}

} // namespace

void JsonWriter::name(std::string_view text) {
    value(text);
    out_ += ':';
    is_first_ = true;
}

void JsonWriter::value(std::string_view text) {
    separate();
    out_ += '"';
    for (std::size_t at = 0; at < text.size();) {
        const auto size = utf8::character_size(text, at);
        const auto character = size == 0 ? replacement : text.substr(at, size);
        if (is_escaped(character)) {
            fmt::format_to(std::back_inserter(out_), "\\u{:04x}", code_of(character));
        } else {
            out_ += character;
        }
        at += size == 0 ? 1 : size;
    }
    out_ += '"';
}

void JsonWriter::begin(char bracket) {
    separate();
    out_ += bracket;
    is_first_ = true;
}

void JsonWriter::end(char bracket) {
    out_ += bracket;
    is_first_ = false;
}

void JsonWriter::separate() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
}

void JsonWriter::add(std::string_view text) {
    separate();
    out_ += text;
}

} // namespace kith::observe
