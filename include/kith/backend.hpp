#pragma once

#include <cstdint>

namespace kith {

/// A kind of database: what Database::backend() returns.
enum class Backend : std::uint8_t { sqlite, postgresql, mariadb };

} // namespace kith
