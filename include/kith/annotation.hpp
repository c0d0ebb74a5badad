#pragma once

#include <kith/detail/core/value_mark.hpp>
#include <kith/model.hpp>

#include <fmt/format.h>

#include <optional>
#include <type_traits>
#include <utility>

namespace kith {

/// A member without a column, which `annotate` fills: `kith::Annotation<std::int64_t> visits{};` takes what
/// `annotate("visits"_f = kith::Count("visitation"_f))` counts. Sum, Avg, Min and Max of nothing are NULL, so they need
/// a std::optional: `kith::Annotation<std::optional<double>> mean_price{};`. `T` is any type that a column may have.
/// Inserting, saving and refreshing a row leave it alone.
///
/// Reads as `const T&`, through `*` and `->` (which go into a std::optional), or by value(). Reading throws NotLoaded
/// in rows of a QuerySet that was not annotated with it.
template <class T>
class Annotation {
public:
    using Inner = detail::without_optional<T>;

    Annotation() = default;

    const T& value() const {
        if (!mark_.is_there()) detail::throw_not_annotated(mark_);
        return value_;
    }
    bool is_loaded() const noexcept { return mark_.is_there(); }

    operator const T&() const { return value(); }
    const Inner& operator*() const { return inner(); }
    const Inner* operator->() const { return &inner(); }

    friend bool operator==(const Annotation& a, const Annotation& b) { return a.value() == b.value(); }
    friend auto operator<=>(const Annotation& a, const Annotation& b) { return a.value() <=> b.value(); }

private:
    friend detail::MarkedAccess<Annotation>;
    friend detail::Detacher;

    const Inner& inner() const {
        if constexpr (detail::is_optional<T>) {
            return *value();
        } else {
            return value();
        }
    }

    detail::ValueMark mark_{false};
    T value_{};
};

namespace detail {
template <class T>
inline constexpr bool is_column<Annotation<T>> = true;
} // namespace detail

} // namespace kith

/// As its value; an empty std::optional cannot be formatted.
template <class T, class Char>
    requires(fmt::is_formattable<T, Char>::value)
struct fmt::formatter<kith::Annotation<T>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::Annotation<T>& annotation, Context& context) const {
        return fmt::formatter<T, Char>::format(annotation.value(), context);
    }
};
