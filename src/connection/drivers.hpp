#pragma once

#include "backend/address.hpp"
#include "backend/backend.hpp"

#include <kith/connect_options.hpp>

#include <memory>

namespace kith::connection {

/// The driver for the database at `address`. Throws ValueError for a scheme that no backend has or that this build of
/// Kith does not include, for options that the backend does not have, and whatever opening the database throws.
std::unique_ptr<backend::Driver> make_driver(const backend::Address& address, const ConnectOptions& options);

} // namespace kith::connection
