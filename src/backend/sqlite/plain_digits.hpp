#pragma once

#include <charconv>
#include <iterator>
#include <string>

namespace kith::backend::sqlite {

/// The shortest digits that read back as the same number, which must be finite.
inline std::string plain_digits(double value) {
    char digits[400];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed).ptr;
    return {std::begin(digits), end};
}

} // namespace kith::backend::sqlite
