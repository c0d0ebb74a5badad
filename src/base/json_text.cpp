#include "base/json_text.hpp"

#include "base/base64.hpp"
#include "base/calendar.hpp"
#include "base/printable.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iterator>

namespace kith {

namespace {

/// Beyond 0xffff, JSON needs a pair of escapes.
void append_code(std::string& out, std::uint32_t code) {
    const auto to = std::back_inserter(out);
    if (code <= 0xffff) {
        fmt::format_to(to, "\\u{:04x}", code);
    } else {
        fmt::format_to(to, "\\u{:04x}\\u{:04x}", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    }
}

void append_escaped(std::string& out, std::uint32_t code) {
    switch (code) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: append_code(out, code);
    }
}

/// Whether a byte is a character that needs no escape.
constexpr auto is_plain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();

/// The end of the characters from `at` on that need no escape, as far as that is seen at once.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    while (at < text.size() && is_plain[static_cast<unsigned char>(text[at])]) ++at;
    return at;
}

template <class T>
std::string shortest_digits(T value) {
    std::array<char, 32> room{};
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return {room.data(), end};
}

template <class Time>
std::string text_or_count(Time time) {
    try {
        return calendar::format(time);
    } catch (const std::exception&) { // a five-digit year
        return fmt::format("{}", time.time_since_epoch().count());
    }
}

void append_quoted(std::string& out, std::string_view plain) {
    out += '"';
    out += plain;
    out += '"';
}

struct AppendJson {
    std::string& out;
    bool is_short;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool v) const { out += v ? "true" : "false"; }
    void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(std::uint64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(double v) const {
        std::isfinite(v) ? void(out += real_text(v, is_short)) : append_quoted(out, real_text(v, is_short));
    }
    void operator()(const std::string& v) const { append_json_string(out, v); }
    void operator()(const std::vector<std::byte>& v) const { append_quoted(out, base64(view(v))); }
    void operator()(Date v) const { append_quoted(out, moment_text(v)); }
    void operator()(Timestamp v) const { append_quoted(out, moment_text(v)); }
    void operator()(LocalTimestamp v) const { append_quoted(out, moment_text(v)); }
    void operator()(const Uuid& v) const { append_quoted(out, v.str()); }
    void operator()(const Decimal& v) const { append_quoted(out, v.str()); }
    void operator()(const Json& v) const { append_json_line(out, v.text); }
};

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const auto end = end_of_plain(text, at);
        out += text.substr(at, end - at);
        if (end == text.size()) break;
        const auto [code, size] = utf8::character_at(text, end);
        if (utf8::is_unseen(code) || code == '"' || code == '\\') {
            append_escaped(out, code);
        } else {
            out += text.substr(end, size);
        }
        at = end + size;
    }
    out += '"';
}

void append_json_line(std::string& out, std::string_view json) {
    for (std::size_t at = 0; at < json.size();) {
        const auto [code, size] = utf8::character_at(json, at);
        if (code < 0x20) {
            out += ' ';
        } else if (utf8::is_unseen(code)) {
            append_code(out, code);
        } else {
            out += json.substr(at, size);
        }
        at += size;
    }
}

void append_json_value(std::string& out, const detail::Value& value, bool is_short) {
    std::visit(AppendJson{out, is_short}, value);
}

std::string real_text(double value, bool is_short) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    return is_short ? shortest_digits(static_cast<float>(value)) : shortest_digits(value);
}

std::string moment_text(Date time) { return text_or_count(time); }
std::string moment_text(Timestamp time) { return text_or_count(time); }
std::string moment_text(LocalTimestamp time) { return text_or_count(time); }

} // namespace kith
