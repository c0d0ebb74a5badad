#pragma once

#include "backend/address.hpp"

#include <kith/connect_options.hpp>

#include <string_view>

namespace kith::connection {

/// The parts of `sqlite:path?option=value&option=value` or `postgresql://user:password@host:5432/name?option=value`.
struct Url {
    backend::Address address{};
    ConnectOptions options{};

    /// Options in the URL override `options`; those that are not Kith's are left to the driver. Throws ValueError for
    /// an invalid URL.
    static Url parse(std::string_view text, const ConnectOptions& options);
};

} // namespace kith::connection
