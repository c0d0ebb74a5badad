#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Texts put together from parts. Formatting each would take longer than all else that happens to a small statement.
namespace kith::sql {

/// The parts one after the other.
template <class... Parts>
std::string concat(const Parts&... parts) {
    const std::string_view views[]{std::string_view(parts)...};
    std::size_t size = 0;
    for (const auto view : views) size += view.size();
    std::string text;
    text.reserve(size);
    for (const auto view : views) text += view;
    return text;
}

/// Appends the parts with `separator` between them.
inline void append_joined(std::string& text, std::span<const std::string> parts, std::string_view separator) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += separator;
        text += parts[i];
    }
}

inline std::string joined(std::span<const std::string> parts, std::string_view separator) {
    std::string text;
    append_joined(text, parts, separator);
    return text;
}

} // namespace kith::sql
