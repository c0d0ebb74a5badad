#include "backend/drivers.hpp"

#include "backend/sqlite/driver.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::backend {

std::unique_ptr<Driver> make_driver(const std::string& scheme, const std::string& location,
                                    const ConnectOptions& options) {
    if (scheme == "sqlite") return std::make_unique<sqlite::Driver>(location, options);
    throw ValueError(
        fmt::format("'{}' is no database that Kith knows: write sqlite:file.db or sqlite::memory:", scheme));
}

} // namespace kith::backend
