#pragma once

#include <cstdint>

namespace kith {

/// What the database does with rows whose foreign key points at a row that is deleted.
enum class OnDelete : std::uint8_t { cascade, set_null, restrict, no_action };

} // namespace kith
