#include <kith/error.hpp>
#include <kith/types.hpp>

#include <sys/random.h>

namespace kith {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The 32 digits of an identifier without braces and hyphens; empty if its length or its hyphens are wrong.
std::string digits_of(std::string_view text) {
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}') text = text.substr(1, text.size() - 2);
    if (text.size() == 32) return std::string(text);
    if (text.size() != 36) return {};
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen_belongs = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen_belongs != (text[i] == '-')) return {};
        if (!hyphen_belongs) digits += text[i];
    }
    return digits;
}

} // namespace

Uuid Uuid::parse(std::string_view text) {
    const std::string digits = digits_of(text);
    Uuid uuid;
    bool good = digits.size() == 32;
    for (std::size_t i = 0; good && i < uuid.bytes.size(); ++i) {
        const int high = hex_digit(digits[2 * i]);
        const int low = hex_digit(digits[2 * i + 1]);
        good = high >= 0 && low >= 0;
        if (good) uuid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    if (!good) throw ValueError("A Uuid is written as 32 hexadecimal digits, with or without hyphens and braces");
    return uuid;
}

Uuid Uuid::random() {
    Uuid uuid;
    if (getentropy(uuid.bytes.data(), uuid.bytes.size()) != 0) {
        throw Error("The system's source of randomness failed, so no Uuid could be made");
    }
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x40);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
    return uuid;
}

std::string Uuid::str() const {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex[bytes[i] >> 4];
        text += hex[bytes[i] & 0x0f];
    }
    return text;
}

} // namespace kith
