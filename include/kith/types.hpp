#pragma once

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith {

/// A 128-bit identifier (RFC 9562). A default-constructed one is nil, which as a key counts as "not given yet".
struct Uuid {
    std::array<std::uint8_t, 16> bytes{}; ///< in the order of the text

    /// Parses 32 hexadecimal digits, with or without hyphens and braces. Throws ValueError for any other text.
    static Uuid parse(std::string_view text);
    /// Returns a random identifier (version 4). Throws Error if the system's source of randomness fails.
    static Uuid random();
    /// Returns `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case.
    std::string str() const;
    /// Whether all bits are 0.
    bool is_nil() const noexcept { return bytes == std::array<std::uint8_t, 16>{}; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// How a Decimal loses digits.
enum class Rounding : std::uint8_t {
    half_even, ///< to the nearest; a half to the even neighbour: 2.5 is 2, 3.5 is 4
    half_up,   ///< to the nearest; a half away from zero: 2.5 is 3, -2.5 is -3
    half_down, ///< to the nearest; a half towards zero: 2.5 is 2
    up,        ///< away from zero: 2.1 is 3, -2.1 is -3
    down,      ///< towards zero: 2.9 is 2
    floor,     ///< to the lower neighbour: -2.1 is -3
    ceiling,   ///< to the higher neighbour: -2.9 is -2
};

/// An exact decimal number, stored as its digits: `[-]digits[.digits]`. Compared by value: 1.50 == 1.5.
///
/// Sums, differences and products have all their digits: after the point as many as the longer operand (1.10 + 2.2 is
/// 3.30), a product as many as both together (1.10 * 2.2 is 2.420). Nothing else is rounded than what rounded() and
/// divided_by() are asked for. Throws ValueError for operands and results of more than 20,000 digits.
class Decimal {
public:
    /// The number 0.
    Decimal() = default;
    /// Throws ValueError if `text` is not `[-]digits[.digits]`.
    explicit Decimal(std::string_view text);
    /// The whole number `value`.
    explicit Decimal(std::int64_t value);

    /// Returns the digits as they were given.
    const std::string& str() const noexcept { return text_; }
    /// Returns the nearest double. Throws ValueError if the number is out of its range.
    double to_double() const;

    /// Returns the number with `digits` digits after the point: rounded, or with zeros at the end. A negative number of
    /// digits rounds before the point: 1250 with -2 is 1200.
    Decimal rounded(int digits, Rounding rounding = Rounding::half_even) const;
    /// Returns the quotient with `digits` digits after the point, rounded once. Throws ValueError if `other` is 0.
    Decimal divided_by(const Decimal& other, int digits, Rounding rounding = Rounding::half_even) const;

    friend Decimal operator+(const Decimal& a, const Decimal& b) { return sum(a, b); }
    friend Decimal operator-(const Decimal& a, const Decimal& b) { return difference(a, b); }
    friend Decimal operator*(const Decimal& a, const Decimal& b) { return product(a, b); }
    Decimal operator-() const;
    Decimal& operator+=(const Decimal& other) { return *this = sum(*this, other); }
    Decimal& operator-=(const Decimal& other) { return *this = difference(*this, other); }
    Decimal& operator*=(const Decimal& other) { return *this = product(*this, other); }

    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_); }
    friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_) == 0; }

    /// Orders two valid decimal texts by value, as `operator<=>` does.
    static std::strong_ordering compare(std::string_view a, std::string_view b);

private:
    static Decimal sum(const Decimal& a, const Decimal& b);
    static Decimal difference(const Decimal& a, const Decimal& b);
    static Decimal product(const Decimal& a, const Decimal& b);

    std::string text_{"0"};
};

/// A JSON document as text. Kith stores and compares the text and does not parse it.
struct Json {
    std::string text{"null"}; ///< the document

    friend auto operator<=>(const Json&, const Json&) = default;
};

/// A moment in UTC, in microseconds: the column type for time stamps.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
/// A time without a zone, in microseconds: the column type for times that are never converted.
using LocalTimestamp = std::chrono::local_time<std::chrono::microseconds>;
/// A calendar day: the column type for dates.
using Date = std::chrono::sys_days;

/// Returns the text of ISO 8601: `2024-02-29`. Throws ValueError outside the years 0 to 9999, here and below.
std::string to_iso8601(Date date);
/// `2024-02-29T12:30:00Z`, with `.000001` before the Z if there are microseconds.
std::string to_iso8601(Timestamp time);
/// `2024-02-29T12:30:00`, without a zone.
std::string to_iso8601(LocalTimestamp time);

/// Returns the Date, Timestamp or LocalTimestamp that a text of ISO 8601 means: `from_iso8601<Timestamp>(text)`. The
/// time may follow a `T` or a blank, end with the minutes, and have a fraction of up to six digits. A Timestamp takes
/// `Z` or an offset, `+02:00`, and is in UTC without one; a LocalTimestamp takes neither. A date alone is its midnight.
/// Throws ValueError for all other texts: week dates, ordinal dates, forms without hyphens, and times that no calendar
/// or clock has, such as 24:00 and leap seconds.
template <class T>
T from_iso8601(std::string_view text) = delete;
template <>
Date from_iso8601<Date>(std::string_view text);
template <>
Timestamp from_iso8601<Timestamp>(std::string_view text);
template <>
LocalTimestamp from_iso8601<LocalTimestamp>(std::string_view text);

/// An enumerator and the text that a database stores for it.
template <class E>
struct EnumName {
    E value{};               ///< the enumerator
    std::string_view name{}; ///< the text
};

/// Specialize this for an enum to store its columns as texts instead of numbers:
///
///     template <>
///     struct kith::EnumNames<Mood> {
///         static constexpr kith::EnumName<Mood> names[]{{Mood::calm, "calm"}, {Mood::merry, "merry"}};
///     };
///
/// The specialization must come before the models that use it. Reading a text that is not one of the names throws
/// DatabaseError; writing an enumerator without a name throws ValueError.
template <class E>
struct EnumNames;

} // namespace kith

template <>
struct fmt::formatter<kith::Uuid> : fmt::formatter<std::string_view> {
    format_context::iterator format(const kith::Uuid& value, format_context& context) const;
};

template <>
struct fmt::formatter<kith::Decimal> : fmt::formatter<std::string_view> {
    format_context::iterator format(const kith::Decimal& value, format_context& context) const;
};

template <>
struct fmt::formatter<kith::Json> : fmt::formatter<std::string_view> {
    format_context::iterator format(const kith::Json& value, format_context& context) const;
};
