#pragma once

#include <kith/detail/core/value.hpp>
#include <kith/detail/reflect/describe.hpp>
#include <kith/types.hpp>

#include <string_view>

namespace kith {

/// Returns the name that kith::EnumNames gives to an enumerator. Throws ValueError if it has none.
template <class E>
std::string_view enum_name(E value) {
    static_assert(detail::NamedEnum<E>, "kith: specialize kith::EnumNames for this enum");
    return detail::name_of_enum(*detail::enum_table_of<E>(), &value, detail::type_name<E>());
}

/// Returns the enumerator that has the name `text` in kith::EnumNames. Throws ValueError, with all names, if there is
/// none.
template <class E>
E enum_value(std::string_view text) {
    static_assert(detail::NamedEnum<E>, "kith: specialize kith::EnumNames for this enum");
    E value{};
    detail::store_enum(*detail::enum_table_of<E>(), &value, text, detail::type_name<E>());
    return value;
}

} // namespace kith
