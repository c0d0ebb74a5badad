#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Lists as one text.
namespace kith {

/// `text` without the blanks around it.
std::string_view trimmed(std::string_view text);

/// The parts of `text` between the `separator`s, without surrounding blanks. A backslash escapes a separator or another
/// backslash.
std::vector<std::string> split(std::string_view text, char separator);

} // namespace kith
