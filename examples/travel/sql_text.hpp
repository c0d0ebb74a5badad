#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace travel {

/// A statement as lines of at most `width` columns where its words allow: each clause begins a
/// line, and a long clause goes on, indented, behind a comma or before ON, AND and OR.
std::vector<std::string> lay_out_sql(std::string_view sql, std::size_t width);

} // namespace travel
