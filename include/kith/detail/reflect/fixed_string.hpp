#pragma once

#include <cstddef>
#include <string_view>

namespace kith::detail {

/// A string literal as a template argument: `kith::column<"x">`, `"name__icontains"_f`. `N` counts the final NUL.
template <std::size_t N>
struct FixedString {
    char text[N]{};

    consteval FixedString(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

} // namespace kith::detail
