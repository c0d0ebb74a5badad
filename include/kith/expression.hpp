#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <kith/detail/ast.hpp>
#include <kith/detail/condition_check.hpp>
#include <kith/detail/fixed_string.hpp>
#include <kith/detail/parameter.hpp>

/// Conditions, as `filter`, `get` and their like take them:
///
///     using namespace kith::literals;
///     ("price__gte"_f = 10) || (!("title"_f = "x") && ("stock__lt"_f = "sold"_f))
///
/// A path leads through relations in both directions and may end in a lookup: exact iexact contains icontains startswith
/// istartswith endswith iendswith gt gte lt lte in range isnull regex iregex year month day. `pk` stands for the primary
/// key, and `province_id` for the column of the foreign key `province`. What is compared with a relation is a row, a Ref,
/// a key or nullptr; `in` takes a range or a QuerySet, `range` a std::pair. A path, lookup or value that does not fit
/// the model is a compile error.
namespace kith {

/// A condition that was written down. `Tests` is what remains to be checked when the model is known.
template <class... Tests>
struct Condition {
    detail::Expr expr{};  ///< for the library
};

namespace detail {

template <class T>
inline constexpr bool is_condition = false;
template <class... Tests>
inline constexpr bool is_condition<Condition<Tests...>> = true;

inline Expr compare(std::string_view path, Operand operand) {
    Expr expr;
    expr.path = path;
    expr.operand = std::move(operand);
    return expr;
}

inline void append_flat(std::vector<Expr>& to, Expr::Kind kind, Expr expr) {
    if (expr.kind != kind) {
        to.push_back(std::move(expr));
        return;
    }
    for (Expr& child : expr.children) to.push_back(std::move(child));
}

inline Expr combine(Expr::Kind kind, Expr a, Expr b) {
    Expr expr;
    expr.kind = kind;
    append_flat(expr.children, kind, std::move(a));
    append_flat(expr.children, kind, std::move(b));
    return expr;
}

inline Expr negate(Expr a) {
    Expr expr;
    expr.kind = Expr::Kind::negate;
    expr.children.push_back(std::move(a));
    return expr;
}

/// Moves the conditions of one call into a list.
inline std::vector<Expr> gather(std::initializer_list<Expr*> conditions) {
    std::vector<Expr> list;
    list.reserve(conditions.size());
    for (Expr* condition : conditions) list.push_back(std::move(*condition));
    return list;
}

}  // namespace detail

/// Both conditions hold.
template <class... A, class... B>
Condition<A..., B...> operator&&(Condition<A...> a, Condition<B...> b) {
    return {detail::combine(detail::Expr::Kind::all, std::move(a.expr), std::move(b.expr))};
}
/// At least one of the conditions holds.
template <class... A, class... B>
Condition<A..., B...> operator||(Condition<A...> a, Condition<B...> b) {
    return {detail::combine(detail::Expr::Kind::any, std::move(a.expr), std::move(b.expr))};
}
/// The condition does not hold.
template <class... A>
Condition<A...> operator!(Condition<A...> a) {
    return {detail::negate(std::move(a.expr))};
}

template <detail::FixedString Text>
struct Path;

/// A lookup path, or the name of a slot, that is known at run time only: what `kith::runtime` makes. Follows the same
/// rules as a literal; a wrong one is a FieldError thrown by the function that takes it. `=` makes a Condition.
class Runtime {
public:
    explicit Runtime(std::string text) : text_(std::move(text)) {}
    Runtime(const Runtime&) = default;
    Runtime(Runtime&&) = default;
    ~Runtime() = default;

    const std::string& text() const noexcept { return text_; }

    template <class V>
    Condition<> operator=(const V& value) const {
        return {detail::compare(text_, detail::to_operand<std::decay_t<const V&>>(value))};
    }
    template <class V>
    Condition<> operator=(std::initializer_list<V> values) const {
        return {detail::compare(text_, detail::to_operand(std::vector<V>(values)))};
    }
    template <detail::FixedString Other>
    Condition<> operator=(Path<Other>) const {
        return {detail::compare(text_, detail::FieldName{std::string(Other.view())})};
    }
    Condition<> operator=(const Runtime& other) const {
        return {detail::compare(text_, detail::FieldName{other.text_})};
    }

private:
    std::string text_;
};

/// `text` as a lookup path, or as the name of a slot: `filter(kith::runtime(column + "__gte") = 10)`.
inline Runtime runtime(std::string text) { return Runtime(std::move(text)); }

/// What `"…"_f` makes. `=` makes a Condition: with a value, with another path (`"stock__lt"_f = "sold"_f` compares two
/// columns) or with kith::runtime(name of a column). An empty std::optional means IS NULL.
template <detail::FixedString Text>
struct Path {
    constexpr Path() = default;
    constexpr Path(const Path&) = default;

    static constexpr std::string_view text() { return Text.view(); }

    template <class V>
    Condition<detail::Compares<Text, std::decay_t<const V&>>> operator=(const V& value) const {
        return {detail::compare(text(), detail::to_operand<std::decay_t<const V&>>(value))};
    }
    template <class V>
    Condition<detail::Compares<Text, std::vector<V>>> operator=(std::initializer_list<V> values) const {
        return {detail::compare(text(), detail::to_operand(std::vector<V>(values)))};
    }
    template <detail::FixedString Other>
    Condition<detail::ComparesFields<Text, Other>> operator=(Path<Other>) const {
        return {detail::compare(text(), detail::FieldName{std::string(Other.view())})};
    }
    Condition<detail::ComparesFields<Text, Text>> operator=(const Path&) const {
        return {detail::compare(text(), detail::FieldName{std::string(text())})};
    }
    Condition<detail::ComparesRuntime<Text>> operator=(const Runtime& other) const {
        return {detail::compare(text(), detail::FieldName{other.text()})};
    }
};

namespace detail {

template <class T>
inline constexpr bool is_path = false;
template <FixedString Text>
inline constexpr bool is_path<Path<Text>> = true;

}  // namespace detail

/// The columns that `get_or_create` and `update_or_create` write besides those of their conditions.
template <class... Tests>
struct Defaults {
    std::vector<detail::Expr> assignments{};  ///< for the library
};

/// `get_or_create("name"_f = "Wuhan City", kith::defaults("province"_f = hubei))`.
template <class... Tests>
Defaults<Tests...> defaults(Condition<Tests>... assignments) {
    return {detail::gather({&assignments.expr...})};
}

namespace literals {
/// A lookup path that is checked at compile time: `"hometown__name__icontains"_f`.
template <detail::FixedString Text>
consteval Path<Text> operator""_f() {
    return {};
}
}  // namespace literals

namespace detail {

/// The Expr of an argument that should be a condition, checked for rows of `M`.
template <class M, PathUse Use, class... Tests>
Expr* checked(Condition<Tests...>& condition) {
    (void)(condition_ok<M, Tests, Use> && ...);
    return &condition.expr;
}
template <class M, PathUse Use, class T>
Expr* checked(T&) {
    static_assert(is_condition<T>, "kith: a condition is needed here, such as \"name\"_f = value");
    return nullptr;
}

}  // namespace detail
}  // namespace kith
