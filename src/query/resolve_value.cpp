#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

/// Computed values: expressions with their paths resolved and their types checked, by the rules that the compiler has.
namespace kith::query {

using detail::ColumnType;
using detail::ValueFault;
using detail::ValueKind;
using detail::ValueType;

namespace {

struct TypeOfValue {
    ColumnType operator()(std::monostate) const { return ColumnType::any; }
    ColumnType operator()(bool) const { return ColumnType::boolean; }
    ColumnType operator()(std::int64_t) const { return ColumnType::int64; }
    ColumnType operator()(std::uint64_t) const { return ColumnType::uint64; }
    ColumnType operator()(double) const { return ColumnType::float64; }
    ColumnType operator()(const std::string&) const { return ColumnType::text; }
    ColumnType operator()(const std::vector<std::byte>&) const { return ColumnType::bytes; }
    ColumnType operator()(Date) const { return ColumnType::date; }
    ColumnType operator()(Timestamp) const { return ColumnType::timestamp; }
    ColumnType operator()(const Uuid&) const { return ColumnType::uuid; }
    ColumnType operator()(const Decimal&) const { return ColumnType::decimal; }
    ColumnType operator()(const Json&) const { return ColumnType::json; }
    ColumnType operator()(LocalTimestamp) const { return ColumnType::local_timestamp; }
};

/// `Book.title`, or `7`, for messages.
std::string written(const ResolvedValue& value) {
    if (value.path.column != nullptr) return value.path.column->label();
    if (value.kind == ValueKind::constant) return detail::to_string(value.value);
    return fmt::format("the result of {}", name_of(value.kind));
}

[[noreturn]] void refuse(const PathRoot& root, ValueFault fault, ValueKind kind, const ResolvedValue& wrong,
                         const ResolvedValue* other = nullptr) {
    const auto name = name_of(kind);
    const auto text = [&]() -> std::string {
        switch (fault) {
        case ValueFault::needs_numbers: return fmt::format("{} takes numbers, and {} is none", name, written(wrong));
        case ValueFault::needs_text: return fmt::format("{} takes text, and {} is none", name, written(wrong));
        case ValueFault::unsigned_number:
            return fmt::format("{} does not take {}, an unsigned number of 64 bits: databases compute with signed ones",
                               name, written(wrong));
        case ValueFault::decimal_quotient:
            return fmt::format("{} is divided, and each database would round a quotient of Decimals differently",
                               written(wrong));
        default:
            return fmt::format("{} and {} do not go together in {}: their types differ", written(wrong),
                               other != nullptr ? written(*other) : "the other value", name);
        }
    }();
    throw FieldError(text, {.model = root.model.name});
}

/// A constant that is combined with values of type `type` takes that type.
void give_type(ResolvedValue& value, ColumnType type) {
    if (value.kind != ValueKind::constant) return;
    const auto* number = std::get_if<std::int64_t>(&value.value);
    if (number == nullptr) return;
    if (detail::is_real(type)) {
        value.value = static_cast<double>(*number);
    } else if (type == ColumnType::decimal) {
        value.value = Decimal(*number);
    } else {
        return;
    }
    value.is.type = type;
}

void judge_arithmetic(const PathRoot& root, ResolvedValue& value) {
    for (const auto& operand : value.operands) {
        const auto fault = detail::judge_number(operand.is);
        if (fault != ValueFault::none) refuse(root, fault, value.kind, operand);
    }
    auto& left = value.operands[0];
    auto& right = value.operands[1];
    const auto both = detail::judge_arithmetic(value.kind, left.is, right.is);
    if (both.fault != ValueFault::none) refuse(root, both.fault, value.kind, left, &right);
    value.is = both.is;
    for (auto& operand : value.operands) give_type(operand, value.is.type);
}

void judge_choice(const PathRoot& root, ResolvedValue& value) {
    value.is = {.null = true};
    const ResolvedValue* before = nullptr;
    for (const auto& operand : value.operands) {
        const auto both = detail::judge_choice(value.is, operand.is);
        if (both.fault != ValueFault::none) refuse(root, both.fault, value.kind, operand, before);
        value.is = both.is;
        before = &operand;
    }
    const bool never_null =
        std::ranges::any_of(value.operands, [](const ResolvedValue& operand) { return !operand.is.nullable; });
    if (value.kind == ValueKind::coalesce && never_null) value.is.nullable = false;
    for (auto& operand : value.operands) give_type(operand, value.is.type);
}

} // namespace

bool may_be_null(const ColumnPath& path) {
    if (path.computed != nullptr) return path.computed->is.nullable;
    return path.column->nullable || std::ranges::any_of(path.relations, [](const RelationInfo* relation) {
               return !relation->forward || relation->field->nullable;
           });
}

void judge_value(const PathRoot& root, ResolvedValue& value) {
    if (detail::is_arithmetic(value.kind)) return judge_arithmetic(root, value);
    switch (value.kind) {
    case ValueKind::lower:
    case ValueKind::upper:
    case ValueKind::length: {
        const auto& text = value.operands.front();
        const auto result = detail::judge_text_function(value.kind, text.is);
        if (result.fault != ValueFault::none) refuse(root, result.fault, value.kind, text);
        value.is = result.is;
        return;
    }
    case ValueKind::coalesce:
    case ValueKind::cases: return judge_choice(root, value);
    case ValueKind::condition: value.is = {.type = ColumnType::boolean}; return;
    case ValueKind::now: value.is = {.type = ColumnType::timestamp}; return;
    default: return;
    }
}

ResolvedValue resolve_value(const PathRoot& root, const detail::ValueExpr& expr) {
    ResolvedValue value{.kind = expr.kind};
    if (expr.kind == ValueKind::column) {
        value.path = resolve_column(root, expr.path);
        value.is = {.type = value.path.column->member_type(), .nullable = may_be_null(value.path)};
    } else if (expr.kind == ValueKind::constant) {
        value.value = expr.value;
        const bool null = detail::is_null(expr.value);
        value.is = {.type = std::visit(TypeOfValue{}, expr.value), .nullable = null, .constant = true, .null = null};
    }
    if (expr.kind == ValueKind::outer) value.value = expr.path; // resolved by bound_to()
    for (const auto& operand : expr.operands) value.operands.push_back(resolve_value(root, *operand));
    for (const auto& condition : expr.conditions) value.conditions.push_back(resolve_condition(root, condition));
    judge_value(root, value);
    return value;
}

ResolvedValuePtr resolve_compared(const PathRoot& root, const ColumnPath& path, FieldLookup lookup,
                                  const detail::ValueExpr& expr) {
    auto value = resolve_value(root, expr);
    const auto& column = *path.column;
    const bool compares = lookup == FieldLookup::exact || (lookup >= FieldLookup::gt && lookup <= FieldLookup::lte);
    if (!compares || !detail::is_comparable(column.member_type(), {}, value.is)) {
        throw ValueError(fmt::format("{} cannot be compared with {}: {}", column.label(), written(value),
                                     compares ? "the types differ" : "this lookup takes no expression"),
                         {.model = root.model.name, .lookup = column.name});
    }
    give_type(value, column.type);
    return std::make_shared<const ResolvedValue>(std::move(value));
}

void require_taken(const FieldInfo& column, const ResolvedValue& value) {
    if (detail::takes(column.member_type(), {}, value.is) && (!value.is.null || column.nullable)) return;
    throw ValueError(fmt::format("{} cannot hold {}: the types differ", column.label(), written(value)),
                     {.model = column.model->name, .lookup = column.name});
}

} // namespace kith::query

namespace kith::detail {

ValueExprPtr column_value(std::string_view path) {
    return std::make_shared<const ValueExpr>(ValueExpr{.kind = ValueKind::column, .path = std::string(path)});
}

ValueExprPtr outer_value(std::string_view path) {
    return std::make_shared<const ValueExpr>(ValueExpr{.kind = ValueKind::outer, .path = std::string(path)});
}

ValueExprPtr constant_value(const ValueView& value) {
    return std::make_shared<const ValueExpr>(ValueExpr{.kind = ValueKind::constant, .value = to_value(value)});
}

ValueExprPtr computed_value(ValueKind kind, std::vector<ValueExprPtr> operands, std::vector<Expr> conditions) {
    return std::make_shared<const ValueExpr>(
        ValueExpr{.kind = kind, .operands = std::move(operands), .conditions = std::move(conditions)});
}

} // namespace kith::detail
