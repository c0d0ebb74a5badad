#include "literal.hpp"

#include "base/calendar.hpp"
#include "json.hpp"
#include "printable.hpp"
#include "query/resolve.hpp"

#include <kith/detail/check/lookup_names.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace kith::cli {

namespace {

using detail::ColumnType;
using detail::Expr;
using detail::FieldInfo;
using detail::FieldLookup;
using detail::Value;

template <class T>
std::optional<T> number(std::string_view text) {
    T value{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<bool> truth(std::string_view text) {
    if (text == "true" || text == "1" || text == "yes") return true;
    if (text == "false" || text == "0" || text == "no") return false;
    return std::nullopt;
}

std::optional<Value> whole_number(std::string_view text) {
    if (const auto value = number<std::int64_t>(text)) return Value{*value};
    if (const auto value = number<std::uint64_t>(text)) return Value{*value};
    // For columns that use integers as booleans.
    if (text == "true" || text == "false") return Value{std::int64_t{text == "true"}};
    if (const auto value = number<double>(text)) return Value{*value};
    return std::nullopt;
}

std::vector<std::byte> bytes_in(std::string_view text) {
    const auto bytes = from_base64(text);
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    return {data, data + bytes.size()};
}

std::optional<Value> moment(std::string_view text) {
    if (const auto value = calendar::parse_timestamp(text)) return Value{*value};
    if (const auto value = calendar::parse_date(text)) return Value{Timestamp(*value)};
    return std::nullopt;
}

/// `text` as a value of `type`; throws or returns nothing if it is not one.
std::optional<Value> value_of(ColumnType type, std::string_view text) {
    switch (type) {
    case ColumnType::boolean:
        if (const auto value = truth(text)) return Value{*value};
        return std::nullopt;
    case ColumnType::float32:
    case ColumnType::float64:
        if (const auto value = number<double>(text)) return Value{*value};
        return std::nullopt;
    case ColumnType::bytes: return Value{bytes_in(text)};
    case ColumnType::date:
        if (const auto value = calendar::parse_date(text)) return Value{*value};
        return std::nullopt;
    case ColumnType::timestamp: return moment(text);
    case ColumnType::local_timestamp:
        if (const auto value = calendar::parse_local(text)) return Value{*value};
        return std::nullopt;
    case ColumnType::uuid: return Value{Uuid::parse(text)};
    case ColumnType::decimal: return Value{Decimal(text)};
    case ColumnType::json: return Value{Json{std::string(text)}};
    case ColumnType::text:
    case ColumnType::enumeration:
    case ColumnType::any: return Value{std::string(text)};
    default: return whole_number(text);
    }
}

std::string_view name_of(ColumnType type) {
    switch (type) {
    case ColumnType::boolean: return "true or false";
    case ColumnType::float32:
    case ColumnType::float64:
    case ColumnType::decimal: return "a number";
    case ColumnType::bytes: return "base64, the form of bytes";
    case ColumnType::date: return "a date such as 2024-02-29";
    case ColumnType::local_timestamp: return "a time without a zone such as 2024-02-29 12:30:00";
    case ColumnType::timestamp: return "a timestamp such as 2024-02-29 12:30:00";
    case ColumnType::uuid: return "a Uuid of 32 hexadecimal digits";
    default: return "a whole number";
    }
}

/// If a column can hold anything, a text that is not a value of its declared type is compared as it is.
Value any_value(std::string_view text) {
    if (const auto value = number<std::int64_t>(text)) return Value{*value};
    if (const auto value = number<double>(text)) return Value{*value};
    return Value{std::string(text)};
}

Value typed(const FieldInfo& column, std::string_view text) {
    try {
        if (auto value = value_of(column.type, text)) return std::move(*value);
    } catch (const ValueError&) { // reported below, with the column's name
    }
    if (column.dynamic) return any_value(text);
    throw ValueError(
        fmt::format("{} is compared with '{}', which is not {}", column.label(), printable(text), name_of(column.type)),
        {.model = column.model->name});
}

bool takes_text(FieldLookup lookup) {
    return (lookup >= FieldLookup::iexact && lookup <= FieldLookup::iendswith) || lookup == FieldLookup::regex ||
           lookup == FieldLookup::iregex;
}

Value value_for(const FieldInfo& column, FieldLookup lookup, std::string_view text) {
    if (takes_text(lookup)) return Value{std::string(text)};
    if (lookup == FieldLookup::isnull) {
        if (const auto value = truth(text)) return Value{*value};
        throw ValueError(fmt::format("isnull takes true or false, not '{}'", printable(text)));
    }
    if (lookup == FieldLookup::year || lookup == FieldLookup::month || lookup == FieldLookup::day) {
        if (const auto value = number<std::int64_t>(text)) return Value{*value};
        throw ValueError(fmt::format("year, month and day take a whole number, not '{}'", printable(text)));
    }
    return typed(column, text);
}

struct Target {
    const FieldInfo* column;
    FieldLookup lookup;
};

/// The column at the end of `path`, and the lookup behind it. The engine refuses wrong paths.
Target target_of(const detail::ModelInfo& model, std::string_view path) {
    const auto at = path.rfind("__");
    const auto lookup = at == std::string_view::npos ? nullptr : detail::find_lookup(path.substr(at + 2));
    if (lookup == nullptr) return {query::resolve_column(model, path).column, FieldLookup::exact};
    try {
        return {query::resolve_column(model, path).column, FieldLookup::exact}; // a column of that name
    } catch (const FieldError&) {
        return {query::resolve_column(model, path.substr(0, at)).column, lookup->lookup};
    }
}

} // namespace

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\n") + 1 - begin);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escapes =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == separator || text[i + 1] == '\\');
        if (escapes) {
            parts.back() += text[++i];
        } else if (text[i] == separator) {
            parts.emplace_back();
        } else {
            parts.back() += text[i];
        }
    }
    for (auto& part : parts) part = std::string(trimmed(part));
    return parts;
}

Expr parse_condition(const detail::ModelInfo& model, std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw ValueError(fmt::format(
            "'{}' is not a condition: write a column, or a path to one, and a value, such as name__icontains=wu",
            printable(text)));
    }
    Expr expr{.path = std::string(trimmed(text.substr(0, equals)))};
    const auto value = text.substr(equals + 1);
    const auto [column, lookup] = target_of(model, expr.path);
    if (lookup == FieldLookup::in) {
        std::vector<Value> values;
        for (const auto& part : split(value, ',')) values.push_back(typed(*column, part));
        expr.operand = std::move(values);
    } else if (lookup == FieldLookup::range) {
        const auto ends = split(value, ',');
        if (ends.size() != 2) {
            throw ValueError(fmt::format("range takes two values separated by a comma, not '{}'", printable(value)));
        }
        expr.operand = std::pair(typed(*column, ends[0]), typed(*column, ends[1]));
    } else {
        expr.operand = value_for(*column, lookup, value);
    }
    return expr;
}

} // namespace kith::cli
