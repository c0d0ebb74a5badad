#pragma once

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Conditions as they are written on the command line: `name__icontains=wu`.
namespace kith::cli {

/// The condition in `text` on rows of `model`, its value of the type that the column has. Throws FieldError for a path
/// that does not exist, ValueError for a value that is none of that type.
detail::Expr parse_condition(const detail::ModelInfo& model, std::string_view text);

/// The parts of `text` between the `separator`s, without the blanks around them. A backslash takes its meaning from a
/// separator or a backslash behind it.
std::vector<std::string> split(std::string_view text, char separator);

std::string_view trimmed(std::string_view text);

} // namespace kith::cli
