#pragma once

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Conditions in the form of the command line: `name__icontains=wu`.
namespace kith::cli {

/// The condition in `text` on rows of `model`, with its value in the column's type. Throws FieldError for a path that
/// does not exist, ValueError for a value that does not have that type.
detail::Expr parse_condition(const detail::ModelInfo& model, std::string_view text);

/// The parts of `text` between the `separator`s, without surrounding blanks. A backslash escapes a separator or another
/// backslash.
std::vector<std::string> split(std::string_view text, char separator);

std::string_view trimmed(std::string_view text);

} // namespace kith::cli
