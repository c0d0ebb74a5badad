#pragma once

#include <kith/detail/core/operations.hpp>
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

using Operand = std::variant<Value, std::vector<Value>, std::pair<Value, Value>, FieldName,
                             std::shared_ptr<const Query>, RowKeys, ValueExprPtr>;

/// A condition as it was written: a tree of comparisons. Paths are texts; src/query resolves them against a model.
struct Expr {
    enum class Kind : std::uint8_t { compare, all, any, negate, exists };

    Kind kind{Kind::compare};
    std::string path{};           ///< compare: `author__name__icontains`
    Operand operand{};            ///< compare: the right-hand side; exists: the query
    bool is_text{false};          ///< compare: a kith::Text, to be read as the column and the lookup need it
    std::vector<Expr> children{}; ///< all, any: two or more; negate: one
};

/// A computed value as it was written: a tree of paths, constants and operations.
struct ValueExpr {
    ValueKind kind{};
    std::string path{}; ///< column, outer
    Value value{};      ///< constant
    std::vector<ValueExprPtr> operands{};
    std::vector<Expr> conditions{}; ///< cases: one for each operand but the last, which holds otherwise; condition: one
};

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

/// One argument of annotate without its type: the Annotation that it fills, with an aggregate or a computed value.
struct AnnotationSpec {
    std::string slot{};
    AggregateExpr aggregate{};
    ValueExprPtr value{}; ///< instead of the aggregate
};

} // namespace kith::detail
