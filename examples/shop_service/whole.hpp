#pragma once

#include <kith/atomic_options.hpp>

#include <chrono>

namespace shop {

/// For what changes several rows: all of it within the time, and again after a conflict with another request.
inline const kith::AtomicOptions whole{.deadline = std::chrono::seconds(2), .retries = 5};

} // namespace shop
