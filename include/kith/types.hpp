#pragma once

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith {

/// A 128-bit identifier (RFC 9562). Default-constructed it is nil, which counts as "no key given".
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// Reads 32 hexadecimal digits, with or without hyphens and braces. Throws ValueError on anything else.
    static Uuid parse(std::string_view text);
    /// A random (version 4) identifier from the system's source of randomness.
    static Uuid random();
    /// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, lower case.
    std::string str() const;
    bool is_nil() const noexcept { return bytes == std::array<std::uint8_t, 16>{}; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// An exact decimal number, kept as its digits: `[-]digits[.digits]`. Compared by value: 1.50 == 1.5.
class Decimal {
public:
    Decimal() = default;
    /// Throws ValueError when `text` is no plain decimal number.
    explicit Decimal(std::string_view text);
    explicit Decimal(std::int64_t value);

    const std::string& str() const noexcept { return text_; }
    double to_double() const;

    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_); }
    friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_) == 0; }

    /// Orders two decimal texts by value, as `operator<=>` does.
    static std::strong_ordering compare(std::string_view a, std::string_view b);

private:
    std::string text_{"0"};
};

/// A JSON document as text, `null` by default. Kith stores and compares the text and does not parse it.
struct Json {
    std::string text{"null"};

    friend auto operator<=>(const Json&, const Json&) = default;
};

/// A moment in UTC, to the microsecond: the column type for time stamps.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
/// A time on a clock whose zone is not said, to the microsecond: the column type for times that are never converted.
using LocalTimestamp = std::chrono::local_time<std::chrono::microseconds>;
/// A calendar day: the column type for dates.
using Date = std::chrono::sys_days;

/// An enumerator and the text that stands for it in a database.
template <class E>
struct EnumName {
    E value{};
    std::string_view name{};
};

/// Specialized for an enum, wherever it is declared, its columns hold these texts rather than numbers:
///
///     template <>
///     struct kith::EnumNames<Mood> {
///         static constexpr kith::EnumName<Mood> names[]{{Mood::calm, "calm"}, {Mood::merry, "merry"}};
///     };
///
/// The models that use it come after the specialization.
template <class E>
struct EnumNames;

} // namespace kith

template <>
struct fmt::formatter<kith::Uuid> : fmt::formatter<std::string_view> {
    auto format(const kith::Uuid& value, format_context& ctx) const {
        return formatter<std::string_view>::format(value.str(), ctx);
    }
};

template <>
struct fmt::formatter<kith::Decimal> : fmt::formatter<std::string_view> {
    auto format(const kith::Decimal& value, format_context& ctx) const {
        return formatter<std::string_view>::format(value.str(), ctx);
    }
};

template <>
struct fmt::formatter<kith::Json> : fmt::formatter<std::string_view> {
    auto format(const kith::Json& value, format_context& ctx) const {
        return formatter<std::string_view>::format(value.text, ctx);
    }
};
