#pragma once

#include <kith/detail/core/hidden.hpp>
#include <kith/detail/core/value_view.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

/// What conditions, aggregates and computed values are made of, as far as programs see it. What is made is in ast.hpp.
namespace kith::detail {

struct Query;
struct Expr;
struct AggregateExpr;
struct HavingExpr;

/// A condition, an aggregate, a comparison of one, and a value.
using HiddenExpr = Hidden<Expr, 160>;
using HiddenAggregate = Hidden<AggregateExpr, 96>;
using HiddenHaving = Hidden<HavingExpr, 152>;
using HiddenValue = Hidden<Value, 40>;

extern template class Hidden<Expr, 160>;
extern template class Hidden<AggregateExpr, 96>;
extern template class Hidden<HavingExpr, 152>;
extern template class Hidden<Value, 40>;

HiddenValue hidden_value(const ValueView& view);

/// The lookups that may end a path, by Django's names.
enum class FieldLookup : std::uint8_t {
    // clang-format off
    exact, iexact, contains, icontains, startswith, istartswith, endswith, iendswith,
    gt, gte, lt, lte, in, range, isnull, regex, iregex, year, month, day,
    // clang-format on
};

/// Whether the lookup searches in text.
constexpr bool is_text_lookup(FieldLookup lookup) {
    return (lookup >= FieldLookup::iexact && lookup <= FieldLookup::iendswith) || lookup == FieldLookup::regex ||
           lookup == FieldLookup::iregex;
}

struct ValueExpr;
/// A value that the database computes. Its parts are shared, and never change.
using ValueExprPtr = std::shared_ptr<const ValueExpr>;

/// The aggregates, by SQL's and Django's names.
enum class AggregateFunction : std::uint8_t { count, sum, avg, min, max };

constexpr std::string_view name_of(AggregateFunction function) {
    constexpr std::string_view names[]{"Count", "Sum", "Avg", "Min", "Max"};
    return names[static_cast<std::size_t>(function)];
}

/// What a computed value is.
enum class ValueKind : std::uint8_t {
    column,
    constant,
    add,
    subtract,
    multiply,
    divide,
    coalesce,
    lower,
    upper,
    length,
    cases,
    now,
    outer,     ///< a column of the row around a subselect
    condition, ///< whether a condition holds, which is never NULL
};

constexpr bool is_arithmetic(ValueKind kind) { return kind >= ValueKind::add && kind <= ValueKind::divide; }

// They are made by functions that are no templates: a program has many expressions.

ValueExprPtr column_value(std::string_view path);
ValueExprPtr outer_value(std::string_view path);
ValueExprPtr constant_value(const ValueView& value);
ValueExprPtr computed_value(ValueKind kind, std::initializer_list<ValueExprPtr> operands);
ValueExprPtr computed_value(ValueKind kind, std::vector<ValueExprPtr> operands, std::vector<Expr> conditions);

/// What group_by() computes for each group, and which groups it returns.
struct GroupSpec {
    GroupSpec() noexcept;
    GroupSpec(const GroupSpec&) = delete;
    GroupSpec& operator=(const GroupSpec&) = delete;
    ~GroupSpec();

    std::vector<AggregateExpr> aggregates;
    std::vector<HavingExpr> having;
};

} // namespace kith::detail
