#pragma once

#include <kith/detail/core/ast.hpp>

#include <string>
#include <string_view>

namespace kith::sql {

/// `text` as a part of a LIKE pattern whose escape character is `escape`.
std::string like_literal(std::string_view text, char escape);

/// The LIKE pattern of `contains`, `startswith`, `endswith` and their variants that ignore case; `text` for other
/// lookups.
std::string like_pattern(detail::FieldLookup lookup, std::string_view text, char escape);

} // namespace kith::sql
