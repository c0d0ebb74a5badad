#pragma once

#include "faults/ground.hpp"

namespace faults {

/// Faults while a program uses Kith for the first time, when it builds its models: each in a process of its own. At
/// most `runs` of them, from the one with the number `offset` on.
Outcomes run_first_uses(std::uint64_t runs, std::uint64_t offset);

} // namespace faults
