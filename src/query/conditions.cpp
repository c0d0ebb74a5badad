#include "query/hidden.hpp"

#include <kith/aggregate.hpp>
#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/row_operand.hpp>
#include <kith/error.hpp>
#include <kith/expression.hpp>
#include <kith/functions.hpp>
#include <kith/having.hpp>

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Conditions, aggregates and computed values as a program writes them.
namespace kith {

Runtime::Runtime(std::string text) : text_(std::move(text)) {
    if (text_.empty()) throw FieldError("kith::runtime was given an empty name");
}

namespace detail {

namespace {

void append_flat(std::vector<Expr>& to, Expr::Kind kind, Expr& expr) {
    if (expr.kind != kind) {
        to.push_back(std::move(expr));
        return;
    }
    for (Expr& child : expr.children) to.push_back(std::move(child));
}

AnyCondition compare_operand(std::string_view path, Operand operand) {
    return AnyCondition({.path = std::string(path), .operand = std::move(operand)});
}

AnyCondition combine(Expr::Kind kind, AnyCondition& a, AnyCondition& b) {
    Expr expr;
    expr.kind = kind;
    append_flat(expr.children, kind, a.expr());
    append_flat(expr.children, kind, b.expr());
    return AnyCondition(std::move(expr));
}

} // namespace

template class Hidden<Expr, 160>;
template class Hidden<AggregateExpr, 96>;
template class Hidden<HavingExpr, 152>;
template class Hidden<Value, 40>;

HiddenValue hidden_value(const ValueView& view) { return HiddenValue(to_value(view)); }

// ---- conditions

AnyCondition compare_value(std::string_view path, const ValueView& value) {
    return compare_operand(path, to_value(value));
}
AnyCondition compare_pair(std::string_view path, const ValueView& first, const ValueView& last) {
    return compare_operand(path, std::pair(to_value(first), to_value(last)));
}
AnyCondition compare_list(std::string_view path, ValueList values) {
    return compare_operand(path, std::move(values).take());
}
AnyCondition compare_row(std::string_view path, const ModelInfo& model, const void* row) {
    return compare_operand(path, row == nullptr ? Operand(Value{}) : row_operand(model, row));
}
AnyCondition compare_rows(std::string_view path, const ModelInfo& model, std::span<const void* const> rows) {
    return compare_operand(path, rows_operand(model, rows));
}
AnyCondition compare_query(std::string_view path, std::shared_ptr<const Query> rows) {
    return compare_operand(path, std::move(rows));
}

AnyCondition compare_fields(std::string_view path, std::string_view other) {
    return compare_operand(path, FieldName{std::string(other)});
}

AnyCondition compare_text(std::string_view path, const std::string& text) {
    AnyCondition condition = compare_operand(path, Operand(Value(text)));
    condition.expr().is_text = true;
    return condition;
}

AnyCondition compare_computed(std::string_view path, const ValueExprPtr& computed) {
    return compare_operand(path, computed);
}

AnyCondition compare_holds(std::string_view path, const AnyCondition& condition) {
    AnyCondition copy(condition);
    return compare_operand(path, computed_value(ValueKind::condition, {}, {std::move(copy.expr())}));
}

AnyCondition all_of(AnyCondition& a, AnyCondition& b) { return combine(Expr::Kind::all, a, b); }
AnyCondition any_of(AnyCondition& a, AnyCondition& b) { return combine(Expr::Kind::any, a, b); }

AnyCondition negate(AnyCondition& a) {
    Expr expr;
    expr.kind = Expr::Kind::negate;
    expr.children.push_back(std::move(a.expr()));
    return AnyCondition(std::move(expr));
}

ConditionList::ConditionList(std::initializer_list<AnyCondition*> conditions) {
    list_.reserve(conditions.size());
    for (AnyCondition* condition : conditions) list_.push_back(std::move(condition->expr()));
}
ConditionList::ConditionList(const ConditionList&) = default;
ConditionList::ConditionList(ConditionList&&) noexcept = default;
ConditionList::~ConditionList() = default;

// ---- aggregates

AnyAggregate::AnyAggregate(AggregateFunction function, std::string_view path)
    : expr_(AggregateExpr{.function = function, .path = std::string(path)}) {}
AnyAggregate::AnyAggregate(AggregateFunction function, const ValueExprPtr& computed)
    : expr_(AggregateExpr{.function = function, .value = computed}) {}

void AnyAggregate::set_distinct() noexcept { (*expr_).distinct = true; }
void AnyAggregate::add(AnyCondition& condition) { (*expr_).conditions.push_back(std::move(condition.expr())); }

GroupSpec::GroupSpec() noexcept = default;
GroupSpec::~GroupSpec() = default;

void add_aggregate(GroupSpec& spec, const AnyAggregate& aggregate) { spec.aggregates.push_back(aggregate.expr()); }

void add_condition(GroupSpec& spec, const HiddenHaving& condition) { spec.having.push_back(*condition); }

HiddenHaving having_expr(const AnyAggregate& aggregate, FieldLookup lookup, const ValueExprPtr& constant,
                         bool negated) {
    return HiddenHaving(HavingExpr{.aggregate = aggregate.expr(),
                                   .lookup = lookup,
                                   .value = constant != nullptr ? constant->value : Value{},
                                   .negated = negated});
}

// ---- computed values

ValueExprPtr computed_value(ValueKind kind, std::initializer_list<ValueExprPtr> operands) {
    return computed_value(kind, operands, {});
}

ValueExprPtr cases_value(std::initializer_list<ValueExprPtr> values, std::initializer_list<AnyCondition*> conditions) {
    std::vector<ValueExprPtr> operands(values);
    operands.push_back(constant_value({}));
    return computed_value(ValueKind::cases, std::move(operands), std::move(ConditionList(conditions).list()));
}

ValueExprPtr otherwise_value(const ValueExprPtr& cases, ValueExprPtr otherwise) {
    auto operands = cases->operands;
    operands.back() = std::move(otherwise);
    return computed_value(ValueKind::cases, std::move(operands), cases->conditions);
}

} // namespace detail
} // namespace kith
