#include "json.hpp"

#include "base/calendar.hpp"
#include "base/utf8.hpp"
#include "printable.hpp"

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

/// The shortest digits that read back as the same number, in the column's precision.
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
    } catch (const std::exception&) { // a five-digit year
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

/// JSON on one line. Line ends between its parts become blanks; in strings they are escaped already, like all
/// characters below the blank. Other unseen characters occur only in strings.
void append_json_line(std::string& out, std::string_view json) {
    if (!is_utf8(json)) return append_quoted(out, base64(json));
    for (std::size_t at = 0; at < json.size();) {
        const auto [code, size] = character_at(json, at);
        if (code < 0x20) {
            out += ' ';
        } else if (is_unseen(code)) {
            append_code(out, code);
        } else {
            out += json.substr(at, size);
        }
        at += size;
    }
}

struct AppendJson {
    std::string& out;
    bool is_short; // the double holds a former float

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
    /// Databases with this type accept only valid JSON.
    void operator()(const Json& v) const { append_json_line(out, v.text); }
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
        const auto [code, size] = character_at(text, at);
        if (is_unseen(code) || code == '"' || code == '\\') {
            append_escaped(out, code);
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
        throw ValueError(fmt::format("'{}' is not base64, the form of bytes", printable(text)));
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

} // namespace kith::cli
