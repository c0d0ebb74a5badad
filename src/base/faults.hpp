#pragma once

#include <kith/error.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace kith::base {

/// After so many, no more are looked for.
inline constexpr std::size_t most_faults = 100;

/// `beginning`, followed by the first faults.
std::string with_faults(std::string beginning, const std::vector<Fault>& faults);

} // namespace kith::base
