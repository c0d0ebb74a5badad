#include "query/resolve.hpp"
#include "sql/aggregate.hpp"
#include "sql/text.hpp"
#include "sql/where.hpp"

#include <string>
#include <vector>

/// Computed values as SQL.
namespace kith::sql {

using detail::ValueKind;
using query::ResolvedValue;

namespace {

/// The type in which the operands of `value` are computed.
ColumnType operand_type(const ResolvedValue& value) {
    return value.kind == ValueKind::length ? ColumnType::text : value.is.type;
}

} // namespace

std::string Where::operand(const ResolvedValue& value, ColumnType type, Joins::CallNumber call_number, bool inner) {
    auto text = this->value(value, call_number, inner);
    return writer_.dialect().operand(std::move(text), value.is.type, type);
}

std::string Where::cases(const ResolvedValue& value, Joins::CallNumber call_number) {
    std::string text = "CASE";
    for (std::size_t i = 0; i < value.conditions.size(); ++i) {
        const auto& condition = value.conditions[i];
        auto holds = this->condition(condition, {.call_number = call_number, .optional = true, .row_wise = true});
        text += concat(" WHEN ", holds, " THEN ", operand(value.operands[i], value.is.type, call_number, false));
    }
    text += concat(" ELSE ", operand(value.operands.back(), value.is.type, call_number, false), " END");
    return text;
}

std::string Where::value(const ResolvedValue& value, Joins::CallNumber call_number, bool inner) {
    const auto& dialect = writer_.dialect();
    if (value.is.nullable) may_be_null_ = true;
    if (value.aggregate != nullptr) return aggregate_of_row(*value.aggregate, joins_, writer_);
    switch (value.kind) {
    case ValueKind::column: return column(value.path, call_number, inner);
    case ValueKind::constant: return detail::is_null(value.value) ? "NULL" : writer_.bind(value.value);
    case ValueKind::cases: return cases(value, call_number);
    case ValueKind::now: return writer_.now();
    case ValueKind::outer: return outer_column(value);
    case ValueKind::condition:
        return condition(value.conditions.front(), {.call_number = call_number, .optional = true, .row_wise = true});
    case ValueKind::coalesce: inner = false; break; // a row without a partner has a value
    default: break;
    }
    std::vector<std::string> operands;
    for (const auto& part : value.operands) {
        operands.push_back(operand(part, operand_type(value), call_number, inner));
    }
    return detail::is_arithmetic(value.kind) ? dialect.arithmetic(value.kind, operands[0], operands[1], value.is.type)
                                             : dialect.call(value.kind, operands);
}

} // namespace kith::sql
