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

/// An exact decimal number, stored as its digits: `[-]digits[.digits]`. Compared by value: 1.50 == 1.5.
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

    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_); }
    friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a.text_, b.text_) == 0; }

    /// Orders two valid decimal texts by value, as `operator<=>` does.
    static std::strong_ordering compare(std::string_view a, std::string_view b);

private:
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
