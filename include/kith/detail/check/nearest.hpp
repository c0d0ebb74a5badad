#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

/// What was probably meant by a misspelt name: for messages of the compiler and of the engine.
namespace kith::detail {

inline constexpr std::size_t longest_name = 100; // longer texts are not typing errors

constexpr char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The number of letters to add, leave out, replace or swap with their neighbour. Ignores case. Neither text is longer
/// than longest_name.
constexpr std::size_t name_distance(std::string_view a, std::string_view b) {
    std::size_t rows[3][longest_name + 1]{};
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        const auto& before = rows[(i + 1) % 3]; // of i - 2
        const auto& above = rows[(i + 2) % 3];  // of i - 1
        auto& row = rows[i % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower_letter(a[i - 1]) == lower_letter(b[j - 1]);
            std::size_t least = above[j - 1] + (same ? 0 : 1);
            least = above[j] + 1 < least ? above[j] + 1 : least;
            least = row[j - 1] + 1 < least ? row[j - 1] + 1 : least;
            const bool swapped = i > 1 && j > 1 && lower_letter(a[i - 1]) == lower_letter(b[j - 2]) &&
                                 lower_letter(a[i - 2]) == lower_letter(b[j - 1]);
            if (swapped && before[j - 2] + 1 < least) least = before[j - 2] + 1;
            row[j] = least;
        }
    }
    return rows[a.size() % 3][b.size()];
}

/// Returns the place of the name in `names` that differs from `wanted` in a few letters at most, or in case; the number
/// of names if none is near.
template <class Names>
constexpr std::size_t nearest_index(std::string_view wanted, const Names& names) {
    std::size_t found = names.size();
    if (wanted.empty() || wanted.size() > longest_name) return found;
    std::size_t least = (wanted.size() < 6 ? 1 : wanted.size() / 3) + 1;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string_view name = names[i];
        if (name.size() > longest_name) continue;
        const std::size_t letters = name_distance(wanted, name);
        if (letters >= least || letters >= name.size()) continue;
        least = letters;
        found = i;
    }
    return found;
}

} // namespace kith::detail
