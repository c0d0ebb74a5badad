#pragma once

#include <map>
#include <string_view>

namespace travel {

/// The source text of the tour's chapters, by file name, put here by the build (CMakeLists.txt).
extern const std::map<std::string_view, std::string_view> chapters;

} // namespace travel
