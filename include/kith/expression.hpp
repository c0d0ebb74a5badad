#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/operations.hpp>
#include <kith/detail/reflect/fixed_string.hpp>
#include <kith/error.hpp>

#include <initializer_list>
#include <memory>
#include <span>
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

// What follows has no types of models: it is implemented in src/query/conditions.cpp, because a program has many
// expressions that make conditions.

/// A condition without the types of its checks.
class AnyCondition {
public:
    explicit AnyCondition(Expr&& expr) noexcept : expr_(std::move(expr)) {}
    AnyCondition(const AnyCondition&) = default;
    AnyCondition(AnyCondition&&) noexcept = default;
    AnyCondition& operator=(const AnyCondition&) = delete;
    ~AnyCondition() = default;

    Expr& expr() noexcept { return *expr_; }

private:
    HiddenExpr expr_;
};

AnyCondition compare_value(std::string_view path, const ValueView& value);
AnyCondition compare_pair(std::string_view path, const ValueView& first, const ValueView& last);
AnyCondition compare_list(std::string_view path, ValueList values);
/// `row` may be null. Throws ValueError for a row that was never saved.
AnyCondition compare_row(std::string_view path, const ModelInfo& model, const void* row);
AnyCondition compare_rows(std::string_view path, const ModelInfo& model, std::span<const void* const> rows);
AnyCondition compare_query(std::string_view path, std::shared_ptr<const Query> rows);
AnyCondition compare_fields(std::string_view path, std::string_view other);
AnyCondition compare_text(std::string_view path, const std::string& text);
AnyCondition compare_computed(std::string_view path, const ValueExprPtr& computed);
/// `path = condition`, for annotate(): whether `condition` holds.
AnyCondition compare_holds(std::string_view path, const AnyCondition& condition);
// These take over the parts.
AnyCondition all_of(AnyCondition& a, AnyCondition& b);
AnyCondition any_of(AnyCondition& a, AnyCondition& b);
AnyCondition negate(AnyCondition& a);

/// Conditions that were moved into a list.
class ConditionList {
public:
    explicit ConditionList(std::initializer_list<AnyCondition*> conditions);
    ConditionList(const ConditionList& other);
    ConditionList(ConditionList&& other) noexcept;
    ConditionList& operator=(const ConditionList&) = delete;
    ~ConditionList();

    std::vector<Expr>& list() noexcept { return list_; }

private:
    std::vector<Expr> list_;
};

/// Makes `path = value`: one function for each type of value.
template <class V>
[[gnu::noinline]] AnyCondition compare(std::string_view path, const V& value) {
    constexpr ValueShape shape = shape_of<V>;
    if constexpr (shape.query) {
        return compare_query(path, value.handle().query());
    } else if constexpr (shape.kind == ShapeKind::row && shape.list) {
        std::vector<const void*> rows;
        for (const auto& row : value) rows.push_back(row_address(row));
        return compare_rows(path, model<row_model<list_value<V>>>(), rows);
    } else if constexpr (shape.kind == ShapeKind::row && !shape.pair) {
        return compare_row(path, model<row_model<V>>(), row_address(value));
    } else if constexpr (shape.kind == ShapeKind::unsupported || shape.kind == ShapeKind::row) {
        return compare_value(path, {}); // the call that takes the condition does not compile
    } else if constexpr (shape.pair) {
        return compare_pair(path, view_of(value.first), view_of(value.second));
    } else if constexpr (shape.list) {
        ValueList values;
        for (const auto& element : value) values.add(view_of(static_cast<const list_value<V>&>(element)));
        return compare_list(path, std::move(values));
    } else {
        return compare_value(path, view_of(value));
    }
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
    return Condition<A..., B...>(detail::all_of(a, b));
}
/// A condition that holds if at least one of them does.
template <class... A, class... B>
Condition<A..., B...> operator||(Condition<A...> a, Condition<B...> b) {
    return Condition<A..., B...>(detail::any_of(a, b));
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
template <AggregateFunction Function, class Over, class... Tests>
class Aggregate;
template <class Slot, class Value>
struct Annotating;
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
    explicit Runtime(std::string text);
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
        return Condition<detail::ComputesRuntime<Tree>>(detail::compare_computed(text_, computed.value()));
    }
    /// For annotate(): stores whether kith::Exists holds.
    Condition<detail::ComputesRuntime<detail::HoldsTree>> operator=(const Condition<detail::HasRows>& condition) const {
        return Condition<detail::ComputesRuntime<detail::HoldsTree>>(detail::compare_holds(text_, condition));
    }
    /// For annotate(): stores the aggregate in the Annotation of this name.
    template <detail::AggregateFunction Function, class Over, class... Tests>
    detail::Annotating<Runtime, detail::Aggregate<Function, Over, Tests...>>
    operator=(const detail::Aggregate<Function, Over, Tests...>& aggregate) const {
        return {{text_, aggregate}};
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
        return Condition<detail::Computes<Text, Tree>>(detail::compare_computed(text(), computed.value()));
    }
    /// For annotate(): stores whether kith::Exists holds.
    Condition<detail::Computes<Text, detail::HoldsTree>> operator=(const Condition<detail::HasRows>& condition) const {
        return Condition<detail::Computes<Text, detail::HoldsTree>>(detail::compare_holds(text(), condition));
    }
    /// For annotate(): stores the aggregate in the Annotation of this name.
    template <detail::AggregateFunction Function, class Over, class... Tests>
    detail::Annotating<Path, detail::Aggregate<Function, Over, Tests...>>
    operator=(const detail::Aggregate<Function, Over, Tests...>& aggregate) const {
        return {{std::string(text()), aggregate}};
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
    detail::ConditionList assignments; ///< Internal.
};

/// The columns that get_or_create() writes into a new row, and update_or_create() into any row, besides those of the
/// conditions: `get_or_create("name"_f = "Wuhan City", kith::defaults("province"_f = hubei))`.
template <class... Tests>
Defaults<Tests...> defaults(Condition<Tests>... assignments) {
    return {detail::ConditionList({&assignments...})};
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
