#pragma once

#include <kith/error.hpp>

namespace kith::detail {

/// For code that knows more about an error than the code that threw it.
struct ErrorAccess {
    static ErrorContext& context(Error& error) noexcept { return error.context_; }
};

} // namespace kith::detail
