#pragma once

#include <kith/arithmetic.hpp>

#include <initializer_list>
#include <type_traits>
#include <utility>

/// Functions of expressions: see kith/arithmetic.hpp. Making one costs no statement.
namespace kith {

namespace detail {

template <ValueKind Kind, class T>
auto text_function(const T& text) {
    return Expression<TextTree<Kind, typename operand_of<T>::Tree>>(computed_value(Kind, {operand_of<T>::value(text)}));
}

} // namespace detail

/// The text in lower case. SQLite changes ASCII letters only.
template <class T>
auto Lower(const T& text) {
    return detail::text_function<detail::ValueKind::lower>(text);
}
/// The text in upper case. SQLite changes ASCII letters only.
template <class T>
auto Upper(const T& text) {
    return detail::text_function<detail::ValueKind::upper>(text);
}
/// The number of characters of a text, a std::int64_t.
template <class T>
auto Length(const T& text) {
    return detail::text_function<detail::ValueKind::length>(text);
}

/// The first of the values that is not NULL: `kith::Coalesce("nickname"_f, "name"_f, "nobody")`. All of them have one
/// type. It can be NULL if all of them can.
template <class... T>
auto Coalesce(const T&... values) {
    static_assert(sizeof...(T) > 1, "kith: Coalesce takes two or more values");
    return Expression<detail::ChoiceTree<detail::ValueKind::coalesce, typename detail::operand_of<T>::Tree...>>(
        detail::computed_value(detail::ValueKind::coalesce, {detail::operand_of<T>::value(values)...}));
}

/// The time of the statement, a Timestamp: one moment, however often it is named. It is that of the server, or of this
/// machine for SQLite.
inline auto Now() { return Expression<detail::NowTree>(detail::computed_value(detail::ValueKind::now, {})); }

namespace detail {

/// One case of a Case. `Tree` is its WhenTree.
template <class Tree>
struct WhenCase {
    ValueExprPtr value;
    AnyCondition condition;
};

// Implemented in src/query/conditions.cpp.

/// A Case of these conditions. `values` has one for each of them.
ValueExprPtr cases_value(std::initializer_list<ValueExprPtr> values, std::initializer_list<AnyCondition*> conditions);
/// Returns the same Case with a value for all other rows.
ValueExprPtr otherwise_value(const ValueExprPtr& cases, ValueExprPtr otherwise);

} // namespace detail

/// A value for the rows for which `condition` holds: an argument of kith::Case.
template <class... Tests, class T>
auto When(Condition<Tests...> condition, const T& value) {
    using Tree = detail::WhenTree<typename detail::operand_of<T>::Tree, Tests...>;
    return detail::WhenCase<Tree>{detail::operand_of<T>::value(value), std::move(condition)};
}

namespace detail {

/// A Case without `otherwise`.
template <class... Cases>
struct CaseTree : ChoiceTree<ValueKind::cases, Cases..., ConstantTree<std::nullptr_t>> {};

} // namespace detail

/// A kith::Case, which is NULL for the rows for which no condition holds.
template <class... Trees>
class Expression<detail::CaseTree<Trees...>> : public detail::AnyExpression {
public:
    /// Internal.
    explicit Expression(detail::ValueExprPtr value) noexcept : AnyExpression(std::move(value)) {}

    /// Returns the same with a value for these rows.
    template <class T>
    auto otherwise(const T& value) const {
        using Tree = detail::ChoiceTree<detail::ValueKind::cases, Trees..., typename detail::operand_of<T>::Tree>;
        return Expression<Tree>(detail::otherwise_value(this->value(), detail::operand_of<T>::value(value)));
    }
};

/// The value of the first case whose condition holds, else NULL; `otherwise` gives a value for all other rows:
/// `kith::Case(kith::When("stock"_f = 0, "gone"), kith::When("stock__lt"_f = 3, "few")).otherwise("there")`.
template <class... Trees>
auto Case(detail::WhenCase<Trees>... cases) {
    return Expression<detail::CaseTree<Trees...>>(
        detail::cases_value({std::move(cases.value)...}, {&cases.condition...}));
}

} // namespace kith
