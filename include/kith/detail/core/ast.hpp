#pragma once

#include <kith/detail/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kith::detail {

struct Query;

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

/// Another field of the same row as the right-hand side: `"stock__lt"_f = "sold"_f`.
struct FieldName {
    std::string path{};
};

/// Rows as the right-hand side: for each row, all values that a foreign key to it could hold. `fields` names them.
struct RowKeys {
    bool is_list{false};
    std::vector<std::string> fields{};
    std::vector<std::vector<Value>> rows{};
};

struct ValueExpr;
/// A value that the database computes. Its parts are shared, and never change.
using ValueExprPtr = std::shared_ptr<const ValueExpr>;

using Operand = std::variant<Value, std::vector<Value>, std::pair<Value, Value>, FieldName,
                             std::shared_ptr<const Query>, RowKeys, ValueExprPtr>;

/// The aggregates, by SQL's and Django's names.
enum class AggregateFunction : std::uint8_t { count, sum, avg, min, max };

constexpr std::string_view name_of(AggregateFunction function) {
    constexpr std::string_view names[]{"Count", "Sum", "Avg", "Min", "Max"};
    return names[static_cast<std::size_t>(function)];
}

/// A condition as it was written: a tree of comparisons. Paths are texts; src/query resolves them against a model.
struct Expr {
    enum class Kind : std::uint8_t { compare, all, any, negate, exists };

    Kind kind{Kind::compare};
    std::string path{};           ///< compare: `author__name__icontains`
    Operand operand{};            ///< compare: the right-hand side; exists: the query
    bool is_text{false};          ///< compare: a kith::Text, to be read as the column and the lookup need it
    std::vector<Expr> children{}; ///< all, any: two or more; negate: one
};

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

/// A computed value as it was written: a tree of paths, constants and operations.
struct ValueExpr {
    ValueKind kind{};
    std::string path{}; ///< column, outer
    Value value{};      ///< constant
    std::vector<ValueExprPtr> operands{};
    std::vector<Expr> conditions{}; ///< cases: one for each operand but the last, which holds otherwise; condition: one
};

// They are made by functions that are no templates: a program has many expressions.

ValueExprPtr column_value(std::string_view path);
ValueExprPtr outer_value(std::string_view path);
ValueExprPtr constant_value(Value value);
ValueExprPtr computed_value(ValueKind kind, std::vector<ValueExprPtr> operands, std::vector<Expr> conditions = {});

/// An aggregate as it was written: `Count("visitation"_f).distinct()`.
struct AggregateExpr {
    AggregateFunction function{};
    std::string path{};   ///< empty: the rows themselves, or
    ValueExprPtr value{}; ///< a value that is computed from each of them
    bool distinct{false};
    std::vector<Expr> conditions{}; ///< all of them hold for the rows that it is computed from
};

/// A comparison of an aggregate with a value, as it was written: `Count("id"_f) > 3`.
struct HavingExpr {
    AggregateExpr aggregate{};
    FieldLookup lookup{};
    Value value{};
    bool negated{false};
};

/// What group_by() computes for each group, and which groups it returns.
struct GroupSpec {
    std::vector<AggregateExpr> aggregates{};
    std::vector<HavingExpr> having{};
};

} // namespace kith::detail
