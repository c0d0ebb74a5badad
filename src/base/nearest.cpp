#include "base/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

namespace kith {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// The number of letters to add, leave out, replace or swap with their neighbour. Ignores case.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

} // namespace

std::string_view nearest(std::string_view wanted, std::span<const std::string_view> names) {
    constexpr std::size_t longest = 100; // longer texts are not typing errors
    if (wanted.empty() || wanted.size() > longest) return {};
    std::string_view found;
    auto least = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const auto name : names) {
        if (name.size() > longest) continue;
        const auto letters = distance(wanted, name);
        if (letters >= least || letters >= name.size()) continue;
        least = letters;
        found = name;
    }
    return found;
}

} // namespace kith
