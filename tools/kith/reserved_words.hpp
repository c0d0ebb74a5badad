#pragma once

#include <string_view>

namespace kith::cli {

/// Whether neither a member nor a struct can have the name: it is a keyword of C++, a name that Kith gives a meaning,
/// or a macro.
bool is_reserved(std::string_view name);

} // namespace kith::cli
