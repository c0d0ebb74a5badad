#pragma once

#include <kith/detail/core/marked_value.hpp>
#include <kith/model.hpp>

#include <fmt/core.h>

namespace kith {

/// A member without a column that `annotate` fills: `kith::Annotation<std::int64_t> visits{};` takes the result of
/// `annotate("visits"_f = kith::Count("visitation"_f))`. Sum, Avg, Min and Max are NULL without values, so they need a
/// std::optional: `kith::Annotation<std::optional<double>> mean_price{};`. `T` is any type that a column may have.
/// Inserting, saving and refreshing a row do not change it.
///
/// Converts to `const T&`. `*` and `->` access the value, also inside a std::optional, which must not be empty. Reading
/// it runs no statement, and throws NotLoaded in rows of a QuerySet that was not annotated with it.
template <class T>
class Annotation : public detail::MarkedValue<T, &detail::throw_not_annotated> {
    using Base = detail::MarkedValue<T, &detail::throw_not_annotated>;

public:
    Annotation() : Base(Base::Begins::absent) {}
};

namespace detail {
template <class T>
inline constexpr bool is_column<Annotation<T>> = true;
} // namespace detail

} // namespace kith

/// Formats as its value, if {fmt} can format that.
template <class T, class Char>
    requires(fmt::is_formattable<T, Char>::value)
struct fmt::formatter<kith::Annotation<T>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::Annotation<T>& annotation, Context& context) const {
        return fmt::formatter<T, Char>::format(annotation.value(), context);
    }
};
