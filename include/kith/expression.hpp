#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/ast.hpp>
#include <kith/detail/reflect/fixed_string.hpp>
#include <kith/error.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Conditions, the arguments of `filter`, `exclude`, `get` and others. Making one costs no statement:
///
///     using namespace kith::literals;
///     ("price__gte"_f = 10) || (!("title"_f = "x") && ("stock__lt"_f = "sold"_f))
///
/// A path leads through relations in both directions and may end in a lookup, with Django's name and meaning: exact
/// iexact contains icontains startswith istartswith endswith iendswith gt gte lt lte in range isnull regex iregex year
/// month day. `pk` names the primary key, `province_id` the column of the foreign key `province`. A relation is
/// compared with a row, a Ref, a key or nullptr; `in` takes a range or a QuerySet, `range` a std::pair whose ends are
/// both included; kith/arithmetic.hpp and kith/functions.hpp have values that the database computes. A path, lookup or
/// value that does not fit the model does not compile. Combined conditions need parentheses, because `=` binds more
/// loosely than `&&`, `||` and `!`.
namespace kith {

namespace detail {

/// A condition without the types of its checks. Its functions are not inlined: a program has many expressions that make
/// conditions.
class AnyCondition {
public:
    [[gnu::noinline]] explicit AnyCondition(Expr expr) noexcept : expr_(std::move(expr)) {}
    [[gnu::noinline]] AnyCondition(const AnyCondition& other) : expr_(other.expr_) {}
    [[gnu::noinline]] AnyCondition(AnyCondition&& other) noexcept : expr_(std::move(other.expr_)) {}
    AnyCondition& operator=(const AnyCondition&) = delete;
    [[gnu::noinline]] ~AnyCondition() {}

    Expr& expr() noexcept { return expr_; }

private:
    Expr expr_;
};

/// Makes `path = value`: one function for each type of value.
template <class V>
[[gnu::noinline]] AnyCondition compare(std::string_view path, const V& value) {
    Expr expr;
    expr.path = path;
    if constexpr (std::is_same_v<V, FieldName> || std::is_same_v<V, Operand>) {
        expr.operand = value;
    } else {
        expr.operand = to_operand(value);
    }
    return AnyCondition(std::move(expr));
}

[[gnu::noinline]] inline AnyCondition compare_fields(std::string_view path, std::string_view other) {
    return compare(path, FieldName{std::string(other)});
}

[[gnu::noinline]] inline AnyCondition compare_text(std::string_view path, const std::string& text) {
    AnyCondition condition = compare(path, text);
    condition.expr().is_text = true;
    return condition;
}

inline void append_flat(std::vector<Expr>& to, Expr::Kind kind, Expr& expr) {
    if (expr.kind != kind) {
        to.push_back(std::move(expr));
        return;
    }
    for (Expr& child : expr.children) to.push_back(std::move(child));
}

[[gnu::noinline]] inline AnyCondition combine(Expr::Kind kind, AnyCondition& a, AnyCondition& b) {
    Expr expr;
    expr.kind = kind;
    append_flat(expr.children, kind, a.expr());
    append_flat(expr.children, kind, b.expr());
    return AnyCondition(std::move(expr));
}

[[gnu::noinline]] inline AnyCondition negate(AnyCondition& a) {
    Expr expr;
    expr.kind = Expr::Kind::negate;
    expr.children.push_back(std::move(a.expr()));
    return AnyCondition(std::move(expr));
}

/// Moves the conditions of one call into a list.
[[gnu::noinline]] inline std::vector<Expr> gather(std::initializer_list<AnyCondition*> conditions) {
    std::vector<Expr> list;
    list.reserve(conditions.size());
    for (AnyCondition* condition : conditions) list.push_back(std::move(condition->expr()));
    return list;
}

} // namespace detail

/// A condition. `Tests` are the checks that need the model.
template <class... Tests>
class Condition : public detail::AnyCondition {
public:
    /// Internal.
    explicit Condition(detail::AnyCondition&& condition) noexcept : AnyCondition(std::move(condition)) {}
};

/// A condition that holds if both do.
template <class... A, class... B>
Condition<A..., B...> operator&&(Condition<A...> a, Condition<B...> b) {
    return Condition<A..., B...>(detail::combine(detail::Expr::Kind::all, a, b));
}
/// A condition that holds if at least one of them does.
template <class... A, class... B>
Condition<A..., B...> operator||(Condition<A...> a, Condition<B...> b) {
    return Condition<A..., B...>(detail::combine(detail::Expr::Kind::any, a, b));
}
/// A condition that holds if this one does not.
template <class... A>
Condition<A...> operator!(Condition<A...> a) {
    return Condition<A...>(detail::negate(a));
}

namespace detail {

template <class T>
inline constexpr bool is_condition = false;
template <class... Tests>
inline constexpr bool is_condition<Condition<Tests...>> = true;

} // namespace detail

template <detail::FixedString Text>
struct Path;
template <class Tree>
class Expression;

namespace detail {
template <FixedString Path, class Tree>
struct Computes;
template <class Tree>
struct ComputesRuntime;
struct HoldsTree;
struct HasRows;
/// Whether `condition` holds, as a value.
[[gnu::noinline]] inline Operand holds(const AnyCondition& condition) {
    AnyCondition copy(condition);
    return computed_value(ValueKind::condition, {}, {std::move(copy.expr())});
}
template <AggregateFunction Function, class Over, class... Tests>
class Aggregate;
template <class Slot, class Value>
class Annotating;
} // namespace detail

/// A value as text, from a query string or a form: `filter(kith::runtime("views__gte") = kith::Text("5"))`. It is read
/// as the column and the lookup need it: whole numbers, true or false, the names of enums, dates and times in ISO 8601,
/// base64 for bytes; for `in` and `range`, several values separated by commas, with a backslash before a comma that
/// belongs to a value. The function that takes the condition throws ValueError for anything else, with what was
/// expected. Texts are UTF-8 without NUL characters.
class Text {
public:
    explicit Text(std::string text) : text_(std::move(text)) {}

    /// Returns the text.
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// A lookup path, or the name of a slot, that is known only at run time: the type of `kith::runtime(text)`. It follows
/// the rules of literals. The function that takes it throws FieldError for a wrong name, ValueError for a value that
/// does not fit. `=` makes a Condition.
class Runtime {
public:
    /// Throws FieldError if `text` is empty.
    explicit Runtime(std::string text) : text_(std::move(text)) {
        if (text_.empty()) throw FieldError("kith::runtime was given an empty name");
    }
    Runtime(const Runtime&) = default;
    Runtime(Runtime&&) = default;
    ~Runtime() = default;

    /// Returns the path or name.
    const std::string& text() const noexcept { return text_; }

    /// A condition that compares the path with a value, a list of values, or another column.
    template <class V>
    Condition<> operator=(const V& value) const {
        return Condition<>(detail::compare<std::decay_t<const V&>>(text_, value));
    }
    template <class V>
    Condition<> operator=(std::initializer_list<V> values) const {
        return Condition<>(detail::compare(text_, std::vector<V>(values)));
    }
    template <detail::FixedString Other>
    Condition<> operator=(Path<Other>) const {
        return Condition<>(detail::compare_fields(text_, Other.view()));
    }
    Condition<> operator=(const Runtime& other) const {
        return Condition<>(detail::compare_fields(text_, other.text_));
    }
    Condition<> operator=(const Text& value) const { return Condition<>(detail::compare_text(text_, value.text())); }
    /// A condition that compares the path with a computed value; in update() and annotate() it stores the value.
    template <class Tree>
    Condition<detail::ComputesRuntime<Tree>> operator=(const Expression<Tree>& computed) const {
        return Condition<detail::ComputesRuntime<Tree>>(detail::compare(text_, detail::Operand(computed.value())));
    }
    /// For annotate(): stores whether kith::Exists holds.
    Condition<detail::ComputesRuntime<detail::HoldsTree>> operator=(const Condition<detail::HasRows>& condition) const {
        return Condition<detail::ComputesRuntime<detail::HoldsTree>>(detail::compare(text_, detail::holds(condition)));
    }
    /// For annotate(): stores the aggregate in the Annotation of this name.
    template <detail::AggregateFunction Function, class Over, class... Tests>
    detail::Annotating<Runtime, detail::Aggregate<Function, Over, Tests...>>
    operator=(const detail::Aggregate<Function, Over, Tests...>& aggregate) const {
        return {text_, aggregate};
    }

private:
    std::string text_;
};

/// Returns `text` as a lookup path or as the name of a slot: `filter(kith::runtime(column + "__gte") = 10)`. Throws
/// FieldError if it is empty.
inline Runtime runtime(std::string text) { return Runtime(std::move(text)); }

/// A lookup path that is checked at compile time: the type of `"…"_f`. `=` makes a Condition: with a value, with
/// another path (`"stock__lt"_f = "sold"_f` compares two columns), or with kith::runtime(name of a column). An empty
/// std::optional means IS NULL.
template <detail::FixedString Text>
struct Path {
    constexpr Path() = default;
    constexpr Path(const Path&) = default;

    /// Returns the path.
    static constexpr std::string_view text() { return Text.view(); }

    /// A condition that compares the path with a value, a list of values, or another column.
    template <class V>
    Condition<detail::Compares<Text, std::decay_t<const V&>>> operator=(const V& value) const {
        return Condition<detail::Compares<Text, std::decay_t<const V&>>>(
            detail::compare<std::decay_t<const V&>>(text(), value));
    }
    template <class V>
    Condition<detail::Compares<Text, std::vector<V>>> operator=(std::initializer_list<V> values) const {
        return Condition<detail::Compares<Text, std::vector<V>>>(detail::compare(text(), std::vector<V>(values)));
    }
    template <detail::FixedString Other>
    Condition<detail::ComparesFields<Text, Other>> operator=(Path<Other>) const {
        return Condition<detail::ComparesFields<Text, Other>>(detail::compare_fields(text(), Other.view()));
    }
    Condition<detail::ComparesFields<Text, Text>> operator=(const Path&) const {
        return Condition<detail::ComparesFields<Text, Text>>(detail::compare_fields(text(), text()));
    }
    Condition<detail::ComparesRuntime<Text>> operator=(const Runtime& other) const {
        return Condition<detail::ComparesRuntime<Text>>(detail::compare_fields(text(), other.text()));
    }
    Condition<detail::ComparesRuntime<Text>> operator=(const kith::Text& value) const {
        return Condition<detail::ComparesRuntime<Text>>(detail::compare_text(text(), value.text()));
    }
    /// A condition that compares the path with a computed value; in update() and annotate() it stores the value.
    template <class Tree>
    Condition<detail::Computes<Text, Tree>> operator=(const Expression<Tree>& computed) const {
        return Condition<detail::Computes<Text, Tree>>(detail::compare(text(), detail::Operand(computed.value())));
    }
    /// For annotate(): stores whether kith::Exists holds.
    Condition<detail::Computes<Text, detail::HoldsTree>> operator=(const Condition<detail::HasRows>& condition) const {
        return Condition<detail::Computes<Text, detail::HoldsTree>>(detail::compare(text(), detail::holds(condition)));
    }
    /// For annotate(): stores the aggregate in the Annotation of this name.
    template <detail::AggregateFunction Function, class Over, class... Tests>
    detail::Annotating<Path, detail::Aggregate<Function, Over, Tests...>>
    operator=(const detail::Aggregate<Function, Over, Tests...>& aggregate) const {
        return {std::string(text()), aggregate};
    }
};

namespace detail {

template <class T>
inline constexpr bool is_path = false;
template <FixedString Text>
inline constexpr bool is_path<Path<Text>> = true;

} // namespace detail

/// The type of `kith::defaults(…)`.
template <class... Tests>
struct Defaults {
    std::vector<detail::Expr> assignments{}; ///< Internal.
};

/// The columns that get_or_create() writes into a new row, and update_or_create() into any row, besides those of the
/// conditions: `get_or_create("name"_f = "Wuhan City", kith::defaults("province"_f = hubei))`.
template <class... Tests>
Defaults<Tests...> defaults(Condition<Tests>... assignments) {
    return {detail::gather({&assignments...})};
}

namespace literals {
/// A lookup path as a literal: `"hometown__name__icontains"_f`.
template <detail::FixedString Text>
consteval Path<Text> operator""_f() {
    return {};
}
} // namespace literals

namespace detail {

/// An argument that must be a condition, checked for rows of `M`.
template <class M, PathUse Use, class... Tests>
AnyCondition* checked(Condition<Tests...>& condition) {
    (void)(condition_ok<M, Tests, Use> && ...);
    return &condition;
}
template <class M, PathUse Use, class T>
AnyCondition* checked(T&) {
    static_assert(is_condition<T>, "kith: a condition is needed here, such as \"name\"_f = value");
    return nullptr;
}

} // namespace detail
} // namespace kith
