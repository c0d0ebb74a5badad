#pragma once

#include <kith/detail/core/marked_value.hpp>
#include <kith/model.hpp>

#include <fmt/format.h>

namespace kith {

/// A member without a column, which `annotate` fills: `kith::Annotation<std::int64_t> visits{};` takes what
/// `annotate("visits"_f = kith::Count("visitation"_f))` counts. Sum, Avg, Min and Max of nothing are NULL, so they need
/// a std::optional: `kith::Annotation<std::optional<double>> mean_price{};`. `T` is any type that a column may have.
/// Inserting, saving and refreshing a row leave it alone.
///
/// Reads as `const T&`, through `*` and `->` (which go into a std::optional), or by value(). Reading throws NotLoaded
/// in rows of a QuerySet that was not annotated with it.
template <class T>
class Annotation : public detail::MarkedValue<T, &detail::throw_not_annotated> {
public:
    Annotation() : detail::MarkedValue<T, &detail::throw_not_annotated>(false) {}
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
