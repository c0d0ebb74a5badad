#include "backend/postgresql/numeric.hpp"

#include "backend/postgresql/wire.hpp"

#include <kith/error.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace kith::backend::postgresql {
namespace {

constexpr std::size_t group_size = 4;
constexpr int group_limit = 10000;
constexpr std::size_t header_size = 8;
constexpr std::uint16_t negative_sign = 0x4000;
constexpr std::uint16_t most_shown = 0x3fff; // digits after the point

std::int16_t group_value(std::string_view digits) {
    std::int16_t value = 0;
    for (const char c : digits) value = static_cast<std::int16_t>(value * 10 + (c - '0'));
    return value;
}

/// The digits in whole groups of four around the point, without leading zero groups.
struct Groups {
    std::string digits;
    std::ptrdiff_t weight{0}; // of the first group, in powers of 10000

    Groups(std::string_view whole, std::string_view fraction) {
        digits.assign((group_size - whole.size() % group_size) % group_size, '0');
        digits += whole;
        weight = static_cast<std::ptrdiff_t>(digits.size() / group_size) - 1;
        digits += fraction;
        digits.append((group_size - digits.size() % group_size) % group_size, '0');
        while (digits.starts_with("0000")) {
            digits.erase(0, group_size);
            --weight;
        }
        while (digits.ends_with("0000")) digits.resize(digits.size() - group_size);
        if (digits.empty()) weight = 0;
    }
};

} // namespace

void append_numeric(std::string& out, std::string_view digits) {
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    const auto point = digits.find('.');
    const auto whole = digits.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
    const Groups groups(whole, fraction);
    const auto count = groups.digits.size() / group_size;
    if (fraction.size() > most_shown || count > std::numeric_limits<std::int16_t>::max() ||
        groups.weight > std::numeric_limits<std::int16_t>::max()) {
        throw ValueError("A Decimal with so many digits cannot be stored: PostgreSQL allows 16383 after the point");
    }
    wire::append(out, static_cast<std::int16_t>(count));
    wire::append(out, static_cast<std::int16_t>(groups.weight));
    wire::append(out, negative && count > 0 ? negative_sign : std::uint16_t{0});
    wire::append(out, static_cast<std::uint16_t>(fraction.size()));
    for (std::size_t i = 0; i < count; ++i) {
        wire::append(out, group_value(std::string_view(groups.digits).substr(i * group_size, group_size)));
    }
}

std::optional<std::string> numeric_digits(std::string_view binary) {
    if (binary.size() < header_size) return std::nullopt;
    const auto count = wire::read<std::int16_t>(binary.data());
    const auto weight = wire::read<std::int16_t>(binary.data() + 2);
    const auto sign = wire::read<std::uint16_t>(binary.data() + 4);
    const auto shown = wire::read<std::uint16_t>(binary.data() + 6);
    if (sign != 0 && sign != negative_sign) return std::nullopt; // NaN or infinite
    if (count < 0 || binary.size() != header_size + static_cast<std::size_t>(count) * 2) return std::nullopt;
    const auto value_at = [&](int index) {
        return int{wire::read<std::int16_t>(binary.data() + header_size + std::ptrdiff_t{2} * index)};
    };
    for (int i = 0; i < count; ++i) {
        if (value_at(i) < 0 || value_at(i) >= group_limit) return std::nullopt;
    }
    const auto group = [&](int place) -> std::string { // for the power `place` of 10000
        const int index = weight - place;
        const int value = index < 0 || index >= count ? 0 : value_at(index);
        std::string text = "0000";
        for (int rest = value, i = 3; i >= 0; --i, rest /= 10) {
            text[static_cast<std::size_t>(i)] = static_cast<char>('0' + rest % 10);
        }
        return text;
    };
    std::string whole;
    for (int place = weight; place >= 0; --place) whole += group(place);
    const auto first = whole.find_first_not_of('0');
    std::string text = sign == negative_sign ? "-" : "";
    text += first == std::string::npos ? "0" : whole.substr(first);
    if (shown == 0) return text;
    std::string fraction;
    for (int place = -1; fraction.size() < shown; --place) fraction += group(place);
    return text + '.' + fraction.substr(0, shown);
}

} // namespace kith::backend::postgresql
