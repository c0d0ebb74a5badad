#pragma once

#include <span>
#include <string_view>

namespace kith {

/// The one of `names` that was probably meant by `wanted`: it differs in a few letters at most, or in case. Empty if
/// none is near.
std::string_view nearest(std::string_view wanted, std::span<const std::string_view> names);

} // namespace kith
