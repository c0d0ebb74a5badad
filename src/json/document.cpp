#include "json/document.hpp"

#include <nlohmann/json.hpp>

namespace kith::json_rows {

bool is_document(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

} // namespace kith::json_rows
