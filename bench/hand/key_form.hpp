#pragma once

#include "common/measure.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace bench::hand {

/// How keys travel: each by itself, or as the range that they form, by a program that knows that they do.
enum class KeyForm : std::uint8_t { keys, range };

/// A workload whose keys travel in `form`.
template <void (*load)(Run&, KeyForm), KeyForm form>
void by(Run& run) {
    load(run, form);
}

/// How many rows with a unique key may come: with a range, also those of the keys between.
inline std::size_t most_rows(std::span<const std::int64_t> keys, KeyForm form) {
    if (form == KeyForm::keys || keys.empty()) return keys.size();
    return static_cast<std::size_t>(keys.back() - keys.front()) + 1;
}

/// Binds ascending `keys` to the first parameter, or the ends of their range to the first two. Where rows of other keys
/// may not come, they must have no gaps.
template <class Statement>
void bind_keys(Statement& statement, const std::span<const std::int64_t>& keys, KeyForm form, bool with_gaps = false) {
    if (form == KeyForm::keys) return statement.bind(1, keys);
    if (keys.empty() || (!with_gaps && most_rows(keys, form) != keys.size())) {
        throw std::runtime_error("the keys have gaps");
    }
    statement.bind(1, keys.front());
    statement.bind(2, keys.back());
}

} // namespace bench::hand
