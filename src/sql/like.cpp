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

std::string like_pattern(detail::FieldLookup lookup, std::string_view text, char escape) {
    using detail::FieldLookup;
    switch (lookup) {
    case FieldLookup::contains:
    case FieldLookup::icontains: return '%' + like_literal(text, escape) + '%';
    case FieldLookup::startswith:
    case FieldLookup::istartswith: return like_literal(text, escape) + '%';
    case FieldLookup::endswith:
    case FieldLookup::iendswith: return '%' + like_literal(text, escape);
    default: return std::string(text);
    }
}

} // namespace kith::sql
