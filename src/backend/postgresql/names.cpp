#include "backend/postgresql/names.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace kith::backend::postgresql {

// Drawn from the system each time: a generator with a state of its own would go on alike in two processes after a fork.
std::string unique_prefix() {
    std::random_device random;
    std::uniform_int_distribution<std::uint64_t> bits;
    return fmt::format("kith_{:016x}", bits(random));
}

} // namespace kith::backend::postgresql
