#pragma once

#include <kith/connect_options.hpp>

#include <string>
#include <string_view>

namespace kith::database {

/// The parts of `sqlite:path?option=value&option=value`, percent escapes decoded.
struct Url {
    std::string scheme{};
    std::string location{};
    ConnectOptions options{};

    /// Options in the URL win over `options`. Throws ValueError for an URL that cannot be read or an option that is
    /// not known.
    static Url parse(std::string_view text, const ConnectOptions& options);
};

} // namespace kith::database
