#include "json/document.hpp"

#include <nlohmann/json.hpp>

namespace kith::json_rows {

// The library takes NUL for the end of the text, and passes over a byte order mark.
bool is_document(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.find('\0') != std::string_view::npos || text.starts_with(byte_order_mark)) return false;
    return nlohmann::json::accept(text.begin(), text.end());
}

} // namespace kith::json_rows
