#pragma once

#include <kith/detail/check/parameter.hpp>
#include <kith/detail/check/value_tree.hpp>
#include <kith/detail/core/operations.hpp>
#include <kith/expression.hpp>

#include <type_traits>
#include <utility>

/// Values that the database computes from columns: `"stock"_f - 3`, `"price"_f * "quantity"_f`. They are what a path is
/// compared with or set to, what an aggregate is computed from, and what annotate() computes:
///
///     books.filter("stock__lt"_f = "sold"_f * 2).update("stock"_f = "stock"_f - 3)
///
/// `+ - * /` take paths, kith::runtime(text), values and other expressions. Two integers give a std::int64_t, also when
/// they are divided: 7 / 2 is 3. A double and an integer give a double, a Decimal and an integer a Decimal. A quotient
/// by 0 is NULL, and so is everything that is computed from NULL. A result that is too large is a DatabaseError. The
/// compiler checks paths and types. Making an expression costs no statement.
namespace kith {

namespace detail {

/// An expression without the types of its checks.
class AnyExpression {
public:
    explicit AnyExpression(ValueExprPtr value) noexcept : value_(std::move(value)) {}
    const ValueExprPtr& value() const noexcept { return value_; }

private:
    ValueExprPtr value_;
};

/// What a part of an expression is: its tree for the checks, and its value. `T` is a value of the program.
template <class T>
struct ValueOperand {
    using Tree = ConstantTree<T>;
    static ValueExprPtr value(const T& constant) {
        constexpr ValueShape shape = shape_of<T>;
        if constexpr (shape.kind == ShapeKind::unsupported || shape.kind == ShapeKind::row || shape.list ||
                      shape.pair) {
            return nullptr; // the expression that holds it does not compile
        } else {
            return constant_value(view_of(constant));
        }
    }
};
template <FixedString Text>
struct ValueOperand<Path<Text>> {
    using Tree = ColumnTree<Text>;
    static ValueExprPtr value(const Path<Text>& path) { return column_value(path.text()); }
};
template <>
struct ValueOperand<Runtime> {
    using Tree = UnknownTree;
    static ValueExprPtr value(const Runtime& path) { return column_value(path.text()); }
};
template <class T>
struct ValueOperand<Expression<T>> {
    using Tree = T;
    static ValueExprPtr value(const AnyExpression& expression) { return expression.value(); }
};

template <class T>
using operand_of = ValueOperand<std::decay_t<const T&>>;

template <class T>
inline constexpr bool is_computable = is_path<T> || std::is_same_v<T, Runtime>;
template <class Tree>
inline constexpr bool is_computable<Expression<Tree>> = true;

template <class A, class B> concept Arithmetic = is_computable<A> || is_computable<B>;

template <ValueKind Kind, class A, class B>
auto compute(const A& a, const B& b) {
    using Tree = ArithmeticTree<Kind, typename operand_of<A>::Tree, typename operand_of<B>::Tree>;
    return Expression<Tree>(computed_value(Kind, {operand_of<A>::value(a), operand_of<B>::value(b)}));
}

} // namespace detail

/// A value that the database computes. `Tree` is what the compiler knows of it.
template <class Tree>
class Expression : public detail::AnyExpression {
public:
    /// Internal.
    explicit Expression(detail::ValueExprPtr value) noexcept : AnyExpression(std::move(value)) {}
};

/// The sum of two numbers.
template <class A, class B>
    requires detail::Arithmetic<A, B>
auto operator+(const A& a, const B& b) {
    return detail::compute<detail::ValueKind::add>(a, b);
}
/// The difference of two numbers.
template <class A, class B>
    requires detail::Arithmetic<A, B>
auto operator-(const A& a, const B& b) {
    return detail::compute<detail::ValueKind::subtract>(a, b);
}
/// The product of two numbers.
template <class A, class B>
    requires detail::Arithmetic<A, B>
auto operator*(const A& a, const B& b) {
    return detail::compute<detail::ValueKind::multiply>(a, b);
}
/// The quotient of two numbers, without its fraction if both are integers. NULL if `b` is 0.
template <class A, class B>
    requires detail::Arithmetic<A, B>
auto operator/(const A& a, const B& b) {
    return detail::compute<detail::ValueKind::divide>(a, b);
}

} // namespace kith
