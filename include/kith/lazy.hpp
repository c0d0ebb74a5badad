#pragma once

#include <kith/detail/core/marked_value.hpp>
#include <kith/model.hpp>

#include <fmt/core.h>

#include <concepts>
#include <type_traits>
#include <utility>

namespace kith {

/// A column that `defer` and `only` may leave out of the statement: `kith::Lazy<std::string> biography{};`, for large
/// texts or pictures that are rarely read. `T` is any type that a plain column may have, including std::optional; the
/// options are those of a Field.
///
/// Converts to `const T&`; assign a `T` to it. `*` and `->` access the value, also inside a std::optional, which must
/// not be empty. Reading a value that was left out loads it, by the fetch mode of the row: one statement, for this row
/// or for all its peers. That throws FetchBlocked under FetchMode::raise, NotLoaded without a database to load from,
/// and DoesNotExist if the row no longer exists. Saving a row does not change a column that was left out.
template <class T, detail::MemberOption auto... Options>
class Lazy : public detail::MarkedValue<T, &detail::load_value> {
    static_assert(!detail::has_option<detail::PrimaryKeyOption, Options...> &&
                      !detail::has_option<detail::ServerDefaultOption, Options...>,
                  "kith: a Lazy column is no key and has no server_default: make it a Field");
    static_assert(!detail::has_option<detail::RowVersionOption, Options...> &&
                      !detail::has_option<detail::AutoNowOption, Options...> &&
                      !detail::has_option<detail::AutoNowAddOption, Options...>,
                  "kith: a write sets a kith::row_version, kith::auto_now or kith::auto_now_add in the row, so that it "
                  "is no Lazy column: make it a Field");

    using Base = detail::MarkedValue<T, &detail::load_value>;

public:
    Lazy() : Base(detail::first_value<T, Options...>()) {}
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

/// Formats as its value, if {fmt} can format that.
template <class T, kith::detail::MemberOption auto... Options, class Char>
    requires(fmt::is_formattable<T, Char>::value)
struct fmt::formatter<kith::Lazy<T, Options...>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::Lazy<T, Options...>& lazy, Context& context) const {
        return fmt::formatter<T, Char>::format(lazy.value(), context);
    }
};
