#include "query/text_value.hpp"

#include "base/base64.hpp"
#include "base/calendar.hpp"
#include "base/list_text.hpp"
#include "base/utf8.hpp"
#include "query/coerce.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace kith::query {

namespace {

using detail::ColumnType;

constexpr std::size_t longest_number = 400; // more digits than any database keeps of a number

template <class T>
std::optional<T> number(std::string_view text) {
    T value{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> finite(std::string_view text) {
    const auto value = number<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> truth(std::string_view text) {
    if (text == "true" || text == "1" || text == "yes") return true;
    if (text == "false" || text == "0" || text == "no") return false;
    return std::nullopt;
}

template <class T>
std::optional<Value> as_value(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return Value{*value};
}

std::optional<Value> whole_number(std::string_view text) {
    if (const auto value = number<std::int64_t>(text)) return Value{*value};
    if (const auto value = number<std::uint64_t>(text)) return Value{*value};
    // For columns that use integers as booleans.
    if (text == "true" || text == "false") return Value{std::int64_t{text == "true"}};
    return std::nullopt;
}

std::optional<Value> bytes(std::string_view text) {
    const auto found = from_base64(text);
    if (!found) return std::nullopt;
    const auto* data = reinterpret_cast<const std::byte*>(found->data());
    return Value{std::vector<std::byte>(data, data + found->size())};
}

std::optional<Value> moment(std::string_view text) {
    if (const auto value = calendar::parse_timestamp(text)) return Value{*value};
    return std::nullopt;
}

std::optional<Value> decimal(std::string_view text) {
    if (text.size() > longest_number) return std::nullopt;
    return Value{Decimal(text)};
}

std::optional<Value> plain_text(std::string_view text) {
    if (!utf8::is_valid(text) || text.find('\0') != std::string_view::npos) return std::nullopt;
    return Value{std::string(text)};
}

std::optional<Value> enumerator(const FieldInfo& column, std::string_view text) {
    std::int64_t room = 0;
    if (column.names != nullptr && !column.names->store(&room, text)) return std::nullopt;
    return plain_text(text);
}

/// `text` as a value of the column; throws or returns nothing if it is not one.
std::optional<Value> parsed(const FieldInfo& column, std::string_view text) {
    switch (column.type) {
    case ColumnType::boolean: return as_value(truth(text));
    case ColumnType::float32:
    case ColumnType::float64: return as_value(finite(text));
    case ColumnType::bytes: return bytes(text);
    case ColumnType::date: return as_value(calendar::parse_date(text));
    case ColumnType::timestamp: return moment(text);
    case ColumnType::local_timestamp: return as_value(calendar::parse_local(text));
    case ColumnType::uuid: return Value{Uuid::parse(text)};
    case ColumnType::decimal: return decimal(text);
    case ColumnType::json: {
        auto found = plain_text(text);
        return found ? std::optional(Value{Json{std::get<std::string>(std::move(*found))}}) : std::nullopt;
    }
    case ColumnType::enumeration: return enumerator(column, text);
    case ColumnType::text:
    case ColumnType::any: return plain_text(text);
    default: return whole_number(text);
    }
}

/// If a column can hold anything, a text that is not a value of its declared type is compared as it is.
Value any_value(std::string_view text) {
    if (const auto value = number<std::int64_t>(text)) return Value{*value};
    if (const auto value = number<double>(text)) return Value{*value};
    return Value{std::string(text)};
}

/// The text in quotes, shortened.
std::string shown(std::string_view text) { return detail::to_string(Value{std::string(text)}); }

[[noreturn]] void refuse(const FieldInfo& column, std::string_view text, std::string_view wanted) {
    throw ValueError(fmt::format("{} is compared with {}, which is not {}", column.label(), shown(text), wanted),
                     {.model = column.model->name, .lookup = column.name});
}

[[noreturn]] void refuse_lookup(const FieldInfo& column, std::string_view takes, std::string_view text) {
    throw ValueError(fmt::format("{} is compared with {}: {}", column.label(), shown(text), takes),
                     {.model = column.model->name, .lookup = column.name});
}

/// Whole numbers may be compared with others by order.
bool orders_numbers(const FieldInfo& column, FieldLookup lookup) {
    return detail::is_integer(column.type) &&
           (lookup == FieldLookup::gt || lookup == FieldLookup::gte || lookup == FieldLookup::lt ||
            lookup == FieldLookup::lte || lookup == FieldLookup::range);
}

Value value_for(const FieldInfo& column, FieldLookup lookup, std::string_view text) {
    if (auto value = value_of_text(column, text)) return std::move(*value);
    if (orders_numbers(column, lookup)) {
        if (const auto value = finite(text)) return Value{*value};
    }
    if (column.dynamic) return any_value(text);
    refuse(column, text, texts_of(column));
}

Value single_value(const FieldInfo& column, FieldLookup lookup, std::string_view text) {
    if (is_text_lookup(lookup)) {
        if (auto value = plain_text(text)) return std::move(*value);
        refuse(column, text, "UTF-8 without NUL characters");
    }
    if (lookup == FieldLookup::isnull) {
        if (const auto value = truth(text)) return Value{*value};
        refuse_lookup(column, "isnull takes true or false", text);
    }
    if (lookup == FieldLookup::year || lookup == FieldLookup::month || lookup == FieldLookup::day) {
        if (const auto value = number<std::int64_t>(text)) return Value{*value};
        refuse_lookup(column, "year, month and day take a whole number", text);
    }
    return value_for(column, lookup, text);
}

} // namespace

std::optional<Value> value_of_text(const FieldInfo& column, std::string_view text) {
    try {
        return parsed(column, text);
    } catch (const ValueError&) { // the caller reports it with the name of the column
        return std::nullopt;
    }
}

std::string texts_of(const FieldInfo& column) {
    switch (column.type) {
    case ColumnType::boolean: return "true or false";
    case ColumnType::float32:
    case ColumnType::float64:
    case ColumnType::decimal: return "a number";
    case ColumnType::bytes: return "base64, the form of bytes";
    case ColumnType::date: return "a date such as 2024-02-29";
    case ColumnType::local_timestamp: return "a time without a zone such as 2024-02-29 12:30:00";
    case ColumnType::timestamp: return "a timestamp such as 2024-02-29 12:30:00";
    case ColumnType::uuid: return "a Uuid of 32 hexadecimal digits";
    case ColumnType::enumeration:
        if (column.names != nullptr) return fmt::format("one of {}", column.names->list());
        [[fallthrough]];
    case ColumnType::text:
    case ColumnType::json:
    case ColumnType::any: return "UTF-8 without NUL characters";
    default: return "a whole number";
    }
}

detail::Operand operand_of_text(const FieldInfo& column, FieldLookup lookup, std::string_view text) {
    if (lookup == FieldLookup::in) {
        std::vector<Value> values;
        for (const auto& part : split(text, ',')) values.push_back(value_for(column, lookup, part));
        return values;
    }
    if (lookup != FieldLookup::range) return single_value(column, lookup, text);
    const auto ends = split(text, ',');
    if (ends.size() != 2) refuse_lookup(column, "range takes two values separated by a comma", text);
    return std::pair(value_for(column, lookup, ends[0]), value_for(column, lookup, ends[1]));
}

} // namespace kith::query
