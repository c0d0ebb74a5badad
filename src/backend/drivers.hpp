#pragma once

#include "backend/backend.hpp"

#include <kith/connect_options.hpp>

#include <memory>
#include <string>

namespace kith::backend {

/// The driver for `location`, which is what an URL has behind its scheme. Throws ValueError for a scheme that no
/// backend has, and whatever opening the database throws.
std::unique_ptr<Driver> make_driver(const std::string& scheme, const std::string& location,
                                    const ConnectOptions& options);

} // namespace kith::backend
