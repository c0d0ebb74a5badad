#pragma once

#include "base/printable.hpp"

#include <string>
#include <string_view>

/// Makes foreign text, such as the names and values in a database, safe to show: characters that a terminal, an editor
/// or a compiler would interpret are escaped.
namespace kith::cli {

using utf8::character_at;
using utf8::is_unseen;
using utf8::printable;
using utf8::printable_lines;

/// As printable(), for a C++ comment up to the end of the line, which must end in neither `\` nor `??/`.
std::string in_comment(std::string_view text);

} // namespace kith::cli
