#include <kith/error.hpp>
#include <kith/types.hpp>

#include <sys/random.h>

#include <charconv>

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

bool is_plain_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
    const auto all_digits = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return all_digits(whole) && all_digits(fraction);
}

/// A decimal text without the zeros that do not change its value.
struct Digits {
    bool negative{false};
    std::string_view whole;    // no leading zeros
    std::string_view fraction; // no trailing zeros

    explicit Digits(std::string_view text) {
        negative = text.starts_with('-');
        if (negative) text.remove_prefix(1);
        const auto point = text.find('.');
        whole = text.substr(0, point);
        if (point != std::string_view::npos) fraction = text.substr(point + 1);
        while (whole.starts_with('0')) whole.remove_prefix(1);
        while (fraction.ends_with('0')) fraction.remove_suffix(1);
        if (whole.empty() && fraction.empty()) negative = false;
    }
};

std::strong_ordering compare_magnitude(const Digits& a, const Digits& b) {
    if (const auto order = a.whole.size() <=> b.whole.size(); order != 0) return order;
    if (const auto order = a.whole <=> b.whole; order != 0) return order;
    return a.fraction <=> b.fraction;
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

Decimal::Decimal(std::string_view text) : text_(text) {
    if (!is_plain_decimal(text)) {
        throw ValueError("A Decimal is written as digits, with a point and a leading minus where needed: -12.50");
    }
}

Decimal::Decimal(std::int64_t value) : text_(fmt::format("{}", value)) {}

double Decimal::to_double() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) throw ValueError("The Decimal is beyond the range of a double");
    return value;
}

std::strong_ordering Decimal::compare(std::string_view a, std::string_view b) {
    const Digits left(a);
    const Digits right(b);
    if (left.negative != right.negative) {
        return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return left.negative ? compare_magnitude(right, left) : compare_magnitude(left, right);
}

} // namespace kith
