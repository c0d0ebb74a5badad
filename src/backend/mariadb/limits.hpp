#pragma once

#include "base/utf8.hpp"

#include <kith/error.hpp>
#include <kith/types.hpp>

#include <cmath>
#include <string_view>

/// The limits of MariaDB's types. Values beyond them are refused before they are sent: the server would round them, or
/// store another value.
namespace kith::backend::mariadb {

/// The collation of Kith's own tables: compares byte by byte, trailing blanks included, as other databases do.
inline constexpr std::string_view own_collation = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

/// The digits of a `decimal`, and how many of them may follow the point.
inline constexpr std::size_t decimal_digits = 65;
inline constexpr std::size_t decimal_scale = 30;

inline void require_finite(double value) {
    if (std::isfinite(value)) return;
    throw ValueError("A NaN or an infinite number cannot be stored: MariaDB does not support them");
}

inline void require_decimal(const Decimal& value) {
    std::string_view text = value.str();
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    auto whole = text.substr(0, point);
    auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    while (whole.starts_with('0')) whole.remove_prefix(1);
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (whole.size() <= decimal_digits - decimal_scale && fraction.size() <= decimal_scale) return;
    throw ValueError(
        "A Decimal with so many digits cannot be stored: MariaDB allows 35 before the point and 30 after it");
}

/// Throws for a text that the server would change, or treat as NULL.
inline void require_utf8(std::string_view text) {
    if (utf8::is_valid(text)) return;
    throw ValueError("A text is not valid UTF-8, which MariaDB requires: keep binary data in a std::vector<std::byte> "
                     "and a binary column");
}

} // namespace kith::backend::mariadb
