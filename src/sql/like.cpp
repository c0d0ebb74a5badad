#include "sql/like.hpp"

namespace kith::sql {

std::string like_literal(std::string_view text, char escape) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == escape) out += escape;
        out += c;
    }
    return out;
}

std::string like_pattern(detail::Lookup lookup, std::string_view text, char escape) {
    using detail::Lookup;
    switch (lookup) {
    case Lookup::contains:
    case Lookup::icontains: return '%' + like_literal(text, escape) + '%';
    case Lookup::startswith:
    case Lookup::istartswith: return like_literal(text, escape) + '%';
    case Lookup::endswith:
    case Lookup::iendswith: return '%' + like_literal(text, escape);
    default: return std::string(text);
    }
}

} // namespace kith::sql
