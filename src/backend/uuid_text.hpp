#pragma once

#include <kith/types.hpp>

#include <string>
#include <string_view>

namespace kith::backend {

/// 32 lower-case hexadecimal digits, without hyphens: the form in which Django stores identifiers as text.
inline std::string hex_digits(const Uuid& uuid) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (const auto byte : uuid.bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 0x0f];
    }
    return text;
}

} // namespace kith::backend
