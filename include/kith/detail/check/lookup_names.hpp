#pragma once

#include <kith/detail/core/operations.hpp>
#include <kith/detail/reflect/known.hpp>

#include <cstddef>
#include <string_view>

/// Lookup paths as text: how they are split, and the lookups that may end them. The checks at compile time and the
/// engine share these rules.
namespace kith::detail {

/// The part of a path before the first `__`, and the rest after it.
struct PathParts {
    std::string_view head;
    std::string_view rest;
};
constexpr PathParts split_path(std::string_view path) {
    // Not find(): under UBSan, GCC 12 takes it for no constant expression.
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        if (path[i] == '_' && path[i + 1] == '_') return {path.substr(0, i), path.substr(i + 2)};
    }
    return {path, {}};
}

struct LookupName {
    std::string_view name;
    FieldLookup lookup;
};
inline constexpr LookupName lookup_names[]{
    {"exact", FieldLookup::exact},
    {"iexact", FieldLookup::iexact},
    {"contains", FieldLookup::contains},
    {"icontains", FieldLookup::icontains},
    {"startswith", FieldLookup::startswith},
    {"istartswith", FieldLookup::istartswith},
    {"endswith", FieldLookup::endswith},
    {"iendswith", FieldLookup::iendswith},
    {"gt", FieldLookup::gt},
    {"gte", FieldLookup::gte},
    {"lt", FieldLookup::lt},
    {"lte", FieldLookup::lte},
    {"in", FieldLookup::in},
    {"range", FieldLookup::range},
    {"isnull", FieldLookup::isnull},
    {"regex", FieldLookup::regex},
    {"iregex", FieldLookup::iregex},
    {"year", FieldLookup::year},
    {"month", FieldLookup::month},
    {"day", FieldLookup::day},
};

constexpr Known<const LookupName> find_lookup(std::string_view name) {
    for (const LookupName& known : lookup_names) {
        if (known.name == name) return &known;
    }
    return nullptr;
}

} // namespace kith::detail
