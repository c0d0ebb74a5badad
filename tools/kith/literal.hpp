#pragma once

#include "base/list_text.hpp"

#include <kith/detail/core/ast.hpp>

#include <string_view>

/// Conditions in the form of the command line: `name__icontains=wu`.
namespace kith::cli {

/// The condition in `text`. Its value is read as the column that it names needs it, by QueryHandle::filter(). Throws
/// ValueError if it is no condition.
detail::Expr parse_condition(std::string_view text);

} // namespace kith::cli
