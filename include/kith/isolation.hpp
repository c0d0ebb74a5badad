#pragma once

#include <cstdint>

namespace kith {

/// How far a transaction is kept apart from those that run beside it. `standard` is the database's own default.
enum class Isolation : std::uint8_t { standard, read_committed, repeatable_read, serializable };

} // namespace kith
