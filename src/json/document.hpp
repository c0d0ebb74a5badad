#pragma once

#include <string_view>

namespace kith::json_rows {

/// Whether the text is one JSON document.
bool is_document(std::string_view text);

} // namespace kith::json_rows
