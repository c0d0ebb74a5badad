#include "query/coerce.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

namespace kith::query {

namespace {

using detail::ColumnType;

[[noreturn]] void refuse(const FieldInfo& column, const Value& value, std::string_view why) {
    throw ValueError(fmt::format("{} cannot be compared with {}: {}", column.label(), detail::to_string(value), why),
                     {.model = column.model->name});
}

std::optional<Value> fit_integer(ColumnType type, std::int64_t number) {
    if (detail::is_integer(type)) return Value{number};
    if (detail::is_real(type)) return Value{static_cast<double>(number)};
    if (type == ColumnType::decimal) return Value{Decimal(number)};
    return std::nullopt;
}

std::optional<Value> fit_text(ColumnType type, std::string& text) {
    switch (type) {
    case ColumnType::text:
    case ColumnType::enumeration: return Value{std::move(text)};
    case ColumnType::uuid: return Value{Uuid::parse(text)};
    case ColumnType::decimal: return Value{Decimal(text)};
    case ColumnType::json: return Value{Json{std::move(text)}};
    default: return std::nullopt;
    }
}

/// Whether the value fits the column's type without conversion.
bool belongs(ColumnType type, const Value& value) {
    switch (type) {
    case ColumnType::boolean: return std::holds_alternative<bool>(value);
    case ColumnType::float32:
    case ColumnType::float64: return std::holds_alternative<double>(value);
    case ColumnType::bytes: return std::holds_alternative<std::vector<std::byte>>(value);
    case ColumnType::date: return std::holds_alternative<Date>(value);
    case ColumnType::timestamp: return std::holds_alternative<Timestamp>(value);
    case ColumnType::uuid: return std::holds_alternative<Uuid>(value);
    case ColumnType::decimal: return std::holds_alternative<Decimal>(value);
    case ColumnType::json: return std::holds_alternative<Json>(value);
    case ColumnType::local_timestamp: return std::holds_alternative<LocalTimestamp>(value);
    case ColumnType::uint64: return std::holds_alternative<std::uint64_t>(value);
    default: return detail::is_integer(type) && std::holds_alternative<double>(value); // "stock__gt"_f = 2.5
    }
}

Value fit(FieldLookup lookup, const FieldInfo& column, Value value) {
    if (detail::is_null(value)) return value;
    if (is_text_lookup(lookup)) {
        if (std::holds_alternative<std::string>(value)) return value;
        refuse(column, value, "this lookup takes text");
    }
    if (lookup == FieldLookup::year || lookup == FieldLookup::month || lookup == FieldLookup::day) {
        if (column.type != ColumnType::date && column.type != ColumnType::timestamp &&
            column.type != ColumnType::local_timestamp) {
            refuse(column, value, "the column holds no dates");
        }
        if (!std::holds_alternative<std::int64_t>(value))
            refuse(column, value, "year, month and day take a whole number");
        return value;
    }
    std::optional<Value> fitted;
    if (const auto* number = std::get_if<std::int64_t>(&value)) fitted = fit_integer(column.type, *number);
    if (auto* text = std::get_if<std::string>(&value)) fitted = fit_text(column.type, *text);
    if (fitted) return std::move(*fitted);
    if (const auto* date = std::get_if<Date>(&value); date != nullptr && column.type == ColumnType::timestamp) {
        return Value{Timestamp(*date)};
    } else if (date != nullptr && column.type == ColumnType::local_timestamp) {
        return Value{LocalTimestamp(Timestamp(*date).time_since_epoch())};
    }
    if (!column.dynamic && !belongs(column.type, value)) refuse(column, value, "the types differ");
    return value;
}

Right coerce_one(FieldLookup lookup, const FieldInfo& column, Value value) {
    if (lookup == FieldLookup::isnull) {
        if (std::holds_alternative<bool>(value)) return value;
        refuse(column, value, "isnull takes true or false");
    }
    if (lookup == FieldLookup::in) refuse(column, value, "in takes a range of values or a QuerySet");
    if (lookup == FieldLookup::range) refuse(column, value, "range takes a std::pair");
    if (detail::is_null(value) && lookup != FieldLookup::exact) {
        refuse(column, value, "NULL can only be looked up with exact or isnull");
    }
    return fit(lookup, column, std::move(value));
}

bool in_range(ColumnType type, std::int64_t number) {
    const auto [least, most] = detail::range_of(type);
    return number >= least && number <= most;
}

/// A compared value may exceed the column's range; a stored one must be readable again.
bool can_be_stored(const FieldInfo& column, const Value& value) {
    const auto type = column.type;
    if (column.names != nullptr) {
        std::int64_t room = 0;
        return column.names->store(&room, std::get<std::string>(value));
    }
    if (const auto* real = std::get_if<double>(&value); real != nullptr && type == ColumnType::float32) {
        constexpr double most = std::numeric_limits<float>::max();
        return !std::isfinite(*real) || std::abs(*real) <= most;
    }
    if (!detail::is_integer(type)) return true;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return in_range(type, *number);
    return std::holds_alternative<std::uint64_t>(value);
}

} // namespace

Right coerce(FieldLookup lookup, const FieldInfo& column, const detail::Expr& expr) {
    if (const auto* value = std::get_if<Value>(&expr.operand)) return coerce_one(lookup, column, *value);
    if (const auto* query = std::get_if<std::shared_ptr<const detail::Query>>(&expr.operand)) {
        if (lookup != FieldLookup::in) {
            throw ValueError(fmt::format("\"{}\" cannot be compared with a QuerySet: use __in", expr.path),
                             {.model = column.model->name, .lookup = expr.path});
        }
        return *query;
    }
    if (const auto* pair = std::get_if<std::pair<Value, Value>>(&expr.operand)) {
        if (lookup != FieldLookup::range) refuse(column, pair->first, "only range takes a std::pair");
        if (detail::is_null(pair->first) || detail::is_null(pair->second)) {
            refuse(column, Value{}, "the ends of a range cannot be NULL");
        }
        return std::pair(fit(lookup, column, pair->first), fit(lookup, column, pair->second));
    }
    auto values = std::get<std::vector<Value>>(expr.operand);
    if (lookup != FieldLookup::in) refuse(column, values.empty() ? Value{} : values.front(), "only in takes a range");
    // NULL equals nothing, so it is left out of a list.
    std::erase_if(values, [](const Value& v) { return detail::is_null(v); });
    for (auto& value : values) value = fit(lookup, column, std::move(value));
    return values;
}

Value coerce_value(const FieldInfo& column, Value value) {
    if (detail::is_null(value)) {
        if (column.nullable) return value;
        throw ValueError(
            fmt::format("{} cannot be NULL: its member is not a std::optional and has no kith::null", column.label()),
            {.model = column.model->name});
    }
    value = fit(FieldLookup::exact, column, std::move(value));
    if (!can_be_stored(column, value)) {
        throw ValueError(fmt::format("{} does not fit into {}", detail::to_string(value), column.label()),
                         {.model = column.model->name});
    }
    return value;
}

} // namespace kith::query
