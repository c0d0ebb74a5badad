#pragma once

#include <kith/detail/core/marked_value.hpp>
#include <kith/model.hpp>

#include <fmt/format.h>

#include <concepts>
#include <type_traits>
#include <utility>

namespace kith {

/// A column that `defer` and `only` may leave out of the statement: `kith::Lazy<std::string> biography{};`, a large
/// text or picture that few readers of a row look at. `T` is any type that a plain column may have, std::optional
/// included; the options are those of a Field.
///
/// Reads as `const T&`, through `*` and `->` (which go into a std::optional), or by value(); assigned from a T. Reading
/// a value that was left out loads it, by the fetch mode of the row: one statement, for the row alone or for all its
/// peers. Saving a row leaves such a column alone.
template <class T, detail::MemberOption auto... Options>
class Lazy : public detail::MarkedValue<T, &detail::load_value> {
    static_assert(!detail::has_option<detail::PrimaryKeyOption, Options...> &&
                      !detail::has_option<detail::ServerDefaultOption, Options...>,
                  "kith: a Lazy column is no key and has no server_default: make it a Field");

    using Base = detail::MarkedValue<T, &detail::load_value>;

public:
    Lazy() : Base(true) {}
    Lazy(T content) : Base(std::move(content)) {}
    template <detail::Fills<T, Lazy> U>
    Lazy(U&& content) : Base(T(std::forward<U>(content))) {}
    template <detail::OtherThan<Lazy> U>
        requires std::assignable_from<T&, U>
    Lazy& operator=(U&& content) {
        this->assign(std::forward<U>(content));
        return *this;
    }
};

namespace detail {
template <class T, auto... Options>
inline constexpr bool is_column<Lazy<T, Options...>> = true;
} // namespace detail

} // namespace kith

/// As its value; an empty std::optional cannot be formatted.
template <class T, kith::detail::MemberOption auto... Options, class Char>
    requires(fmt::is_formattable<T, Char>::value)
struct fmt::formatter<kith::Lazy<T, Options...>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::Lazy<T, Options...>& lazy, Context& context) const {
        return fmt::formatter<T, Char>::format(lazy.value(), context);
    }
};
