#pragma once

#include <kith/detail/core/value_mark.hpp>
#include <kith/model.hpp>

#include <fmt/format.h>

#include <compare>
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
class Lazy {
    static_assert(!detail::has_option<detail::PrimaryKeyOption, Options...> &&
                      !detail::has_option<detail::ServerDefaultOption, Options...>,
                  "kith: a Lazy column is no key and has no server_default: make it a Field");

public:
    using Inner = detail::without_optional<T>;

    Lazy() = default;
    Lazy(T content) : value_(std::move(content)) {}
    template <detail::Fills<T, Lazy> U>
    Lazy(U&& content) : value_(std::forward<U>(content)) {}
    Lazy(const Lazy& other) : mark_(other.mark_), value_(mark_.is_there() ? other.value_ : T{}) {}
    Lazy(Lazy&& other) : mark_(other.mark_), value_(mark_.is_there() ? std::move(other.value_) : T{}) {}
    ~Lazy() = default;
    Lazy& operator=(const Lazy& other) {
        if (other.mark_.is_there()) value_ = other.value_;
        mark_ = other.mark_;
        return *this;
    }
    template <detail::OtherThan<Lazy> U>
        requires std::assignable_from<T&, U>
    Lazy& operator=(U&& content) {
        value_ = std::forward<U>(content);
        mark_.set_there(true);
        return *this;
    }

    const T& value() const {
        if (!mark_.is_there()) detail::load_value(mark_);
        return value_;
    }
    /// Whether the value is there already.
    bool is_loaded() const noexcept { return mark_.is_there(); }

    operator const T&() const { return value(); }
    const Inner& operator*() const { return inner(); }
    const Inner* operator->() const { return &inner(); }

    friend bool operator==(const Lazy& a, const Lazy& b) { return a.value() == b.value(); }
    friend auto operator<=>(const Lazy& a, const Lazy& b)
        requires(std::three_way_comparable<T>)
    {
        return a.value() <=> b.value();
    }

private:
    friend detail::MarkedAccess<Lazy>;
    friend detail::Detacher;

    const Inner& inner() const {
        if constexpr (detail::is_optional<T>) {
            return *value();
        } else {
            return value();
        }
    }

    detail::ValueMark mark_{true};
    T value_{};
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
