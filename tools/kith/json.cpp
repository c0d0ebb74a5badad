#include "json.hpp"

#include "calendar.hpp"
#include "utf8.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iterator>

namespace kith::cli {

namespace {

constexpr std::string_view digits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto size = utf8::character_size(text, at);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

/// Below 0x20, 0x7f, and 0x80 to 0x9f, which are two bytes in UTF-8: what terminals take as commands.
bool is_control(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) return true;
    return byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

unsigned code_of(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte == 0xc2 ? static_cast<unsigned char>(text[at + 1]) : byte;
}

void append_escaped(std::string& out, std::string_view text, std::size_t at) {
    switch (text[at]) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_of(text, at));
    }
}

/// The shortest digits that read back as the same number, of the column's own precision.
template <class T>
std::string digits_of(T value) {
    std::array<char, 32> room{};
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return {room.data(), end};
}

std::string real_text(double value, bool is_short) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    return is_short ? digits_of(static_cast<float>(value)) : digits_of(value);
}

template <class Time>
std::string moment_text(Time time) {
    try {
        return calendar::format(time);
    } catch (const std::exception&) { // a year of five digits
        return fmt::format("{}", time.time_since_epoch().count());
    }
}

std::string_view view(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_quoted(std::string& out, std::string_view plain) {
    out += '"';
    out += plain;
    out += '"';
}

struct AppendJson {
    std::string& out;
    bool is_short; // a double holds what was a float

    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool v) const { out += v ? "true" : "false"; }
    void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(std::uint64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(double v) const {
        std::isfinite(v) ? void(out += real_text(v, is_short)) : append_quoted(out, real_text(v, is_short));
    }
    void operator()(const std::string& v) const { append_json_text(out, v); }
    void operator()(const std::vector<std::byte>& v) const { append_quoted(out, base64(view(v))); }
    void operator()(Date v) const { append_quoted(out, moment_text(v)); }
    void operator()(Timestamp v) const { append_quoted(out, moment_text(v)); }
    void operator()(LocalTimestamp v) const { append_quoted(out, moment_text(v)); }
    void operator()(const Uuid& v) const { append_quoted(out, v.str()); }
    void operator()(const Decimal& v) const { append_quoted(out, v.str()); }
    /// The databases that have this type let nothing in that is no JSON.
    void operator()(const Json& v) const {
        // A line end is a blank between its parts: those in strings are escaped.
        for (const char c : v.text) out += c == '\n' || c == '\r' ? ' ' : c;
    }
};

struct PlainText {
    bool is_short;

    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return real_text(v, is_short); }
    std::string operator()(const std::string& v) const { return printable(v); }
    std::string operator()(const std::vector<std::byte>& v) const { return fmt::format("<{} bytes>", v.size()); }
    std::string operator()(Date v) const { return moment_text(v); }
    std::string operator()(Timestamp v) const { return moment_text(v); }
    std::string operator()(LocalTimestamp v) const { return moment_text(v); }
    std::string operator()(const Uuid& v) const { return v.str(); }
    std::string operator()(const Decimal& v) const { return v.str(); }
    std::string operator()(const Json& v) const { return printable(v.text); }
};

} // namespace

void append_json_text(std::string& out, std::string_view text) {
    if (!is_utf8(text)) return append_quoted(out, base64(text));
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const auto size = utf8::character_size(text, at);
        if (is_control(text, at) || text[at] == '"' || text[at] == '\\') {
            append_escaped(out, text, at);
        } else {
            out += text.substr(at, size);
        }
        at += size;
    }
    out += '"';
}

void append_json(std::string& out, const detail::Value& value, const detail::FieldInfo& field) {
    std::visit(AppendJson{out, field.type == detail::ColumnType::float32}, value);
}

std::string base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j > bytes.size() ? '=' : digits64[group >> (18 - 6 * j) & 63];
        }
    }
    return out;
}

std::string from_base64(std::string_view text) {
    const auto refuse = [&] {
        throw ValueError(fmt::format("'{}' is no base64, in which bytes are written", printable(text)));
    };
    auto digits = text;
    while (digits.ends_with('=')) digits.remove_suffix(1);
    if (text.size() % 4 != 0 || text.size() - digits.size() > 2) refuse();
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : digits) {
        const auto digit = digits64.find(c);
        if (digit == std::string_view::npos) refuse();
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    return out;
}

std::string plain_text(const detail::Value& value, const detail::FieldInfo& field) {
    return std::visit(PlainText{field.type == detail::ColumnType::float32}, value);
}

std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto size = utf8::character_size(text, at);
        if (size == 0) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[at]));
        } else if (is_control(text, at)) {
            append_escaped(out, text, at);
        } else {
            out += text.substr(at, size);
        }
        at += size == 0 ? 1 : size;
    }
    return out;
}

} // namespace kith::cli
