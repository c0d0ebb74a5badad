#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Bytes as text, in the alphabet of RFC 4648 with padding.
namespace kith {

std::string base64(std::string_view bytes);
/// The bytes; empty if the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

inline std::string_view view(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace kith
