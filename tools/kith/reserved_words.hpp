#pragma once

#include <string_view>

namespace kith::cli {

/// Whether neither a member nor a struct can have the name: it is a C++ keyword, a macro, or a name that Kith uses.
bool is_reserved(std::string_view name);

} // namespace kith::cli
