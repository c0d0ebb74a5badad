#pragma once

#include <span>
#include <string_view>

namespace kith {

/// The one of `names` that `wanted` is likely to have been meant as: a few letters differ at most, or the case. Empty
/// where none is near.
std::string_view nearest(std::string_view wanted, std::span<const std::string_view> names);

} // namespace kith
