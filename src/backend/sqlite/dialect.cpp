#include "backend/sqlite/dialect.hpp"

#include "backend/regex.hpp"
#include "backend/sqlite/key_source.hpp"
#include "sql/like.hpp"

#include <kith/detail/core/value_rules.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::backend::sqlite {

using detail::ColumnType;
using detail::FieldLookup;
using detail::Value;

namespace {

/// `text` as a part of a GLOB pattern, which has no escape character: special characters are written as one-character
/// sets.
std::string glob_literal(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '*' || c == '?' || c == '[') {
            out += '[';
            out += c;
            out += ']';
        } else {
            out += c;
        }
    }
    return out;
}

/// LIKE and GLOB stop reading at a NUL character, so a pattern with one would match other texts too.
void require_pattern(const std::string& text) {
    if (text.find('\0') == std::string::npos) return;
    throw ValueError("SQLite cannot search for a text that contains a NUL character: use exact, in or regex");
}

std::string pattern(FieldLookup lookup, const std::string& text) {
    if (lookup >= FieldLookup::iexact && lookup <= FieldLookup::iendswith) require_pattern(text);
    switch (lookup) {
    case FieldLookup::iexact: return sql::like_literal(text, '\\');
    case FieldLookup::contains: return '*' + glob_literal(text) + '*';
    case FieldLookup::startswith: return glob_literal(text) + '*';
    case FieldLookup::endswith: return '*' + glob_literal(text);
    default: return sql::like_pattern(lookup, text, '\\');
    }
}

/// Compiles the pattern, so that an invalid one is refused before any statement runs.
void require_readable(const std::string& text, bool ignore_case) { const Regex tried(text, ignore_case); }

} // namespace

std::string Dialect::placeholder(std::size_t index) const { return '?' + std::to_string(index); }

std::string Dialect::column_type(const detail::FieldInfo& field) const {
    switch (field.type) {
    case ColumnType::boolean: return "bool";
    case ColumnType::int8:
    case ColumnType::int16: return "smallint";
    case ColumnType::int32: return "integer";
    case ColumnType::int64: return "bigint";
    case ColumnType::uint8:
    case ColumnType::uint16: return "smallint unsigned";
    case ColumnType::uint32: return "integer unsigned";
    case ColumnType::uint64: return "bigint unsigned";
    case ColumnType::float32:
    case ColumnType::float64: return "real";
    case ColumnType::text:
    case ColumnType::enumeration: return field.max_length > 0 ? fmt::format("varchar({})", field.max_length) : "text";
    case ColumnType::bytes: return "BLOB";
    case ColumnType::date: return "date";
    case ColumnType::timestamp:
        if (encodings_.timestamps != SqliteTimestamps::text) return "bigint";
        return "datetime";
    case ColumnType::local_timestamp: return "datetime";
    case ColumnType::uuid:
        if (encodings_.uuids == SqliteUuids::bytes) return "BLOB";
        return encodings_.uuids == SqliteUuids::digits ? "char(32)" : "char(36)";
    // A column declared `decimal` would convert the digits to a binary number.
    case ColumnType::decimal:
    case ColumnType::json: return "text";
    case ColumnType::any: break; // of no column that Kith creates
    }
    throw ValueError("SQLite does not support this column type");
}

std::string Dialect::automatic_key(std::string_view quoted_column, const detail::FieldInfo&) const {
    return fmt::format("{} integer NOT NULL PRIMARY KEY AUTOINCREMENT", quoted_column);
}

// A Decimal is stored as its digits.
std::string Dialect::constant(const detail::DefaultValue& constant, const detail::FieldInfo& column) const {
    auto literal = sql::Dialect::constant(constant, column);
    return column.type == ColumnType::decimal ? text_literal(literal) : literal;
}

std::string Dialect::aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                               ColumnType type) const {
    if (function == detail::AggregateFunction::sum && type == ColumnType::decimal) {
        return fmt::format("kith_decimal_sum({}{})", distinct ? "DISTINCT " : "", argument);
    }
    auto call = sql::Dialect::aggregate(function, distinct, argument, type);
    const bool chooses = function == detail::AggregateFunction::min || function == detail::AggregateFunction::max;
    return chooses ? operand(std::move(call), type, type) : call;
}

std::string Dialect::arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                                ColumnType type) const {
    const auto* name = kind == detail::ValueKind::add        ? "add"
                       : kind == detail::ValueKind::subtract ? "subtract"
                       : kind == detail::ValueKind::multiply ? "multiply"
                                                             : "divide";
    return fmt::format("kith_{}{}({}, {})", type == ColumnType::decimal ? "decimal_" : "", name, left, right);
}

std::string Dialect::operand(std::string expression, ColumnType, ColumnType to) const {
    // A cell of a NUMERIC column may be an integer, whatever the member is.
    if (to == ColumnType::float64) return fmt::format("kith_real({})", expression);
    return to == ColumnType::decimal ? fmt::format("kith_decimal({})", expression) : expression;
}

std::string Dialect::call(detail::ValueKind function, std::span<const std::string> arguments) const {
    if (function == detail::ValueKind::length) return fmt::format("kith_length({})", arguments.front());
    return sql::Dialect::call(function, arguments);
}

std::string Dialect::stored(std::string expression, const detail::FieldInfo& field) const {
    auto label = field.label();
    std::erase(label, '\'');
    const auto within = [&](std::int64_t least, std::int64_t most) {
        return fmt::format("kith_within({}, {}, {}, {})", expression, least, most, "'" + label + "'");
    };
    if (detail::is_integer(field.type) && field.type != ColumnType::int64) {
        const auto [least, most] = detail::range_of(field.type);
        return within(least, most);
    }
    return field.type == ColumnType::text && field.max_length > 0 ? within(0, field.max_length) : expression;
}

std::string Dialect::comparable(std::string expression, ColumnType type) const {
    if (type == ColumnType::decimal) expression += " COLLATE kith_decimal";
    return expression;
}

std::string Dialect::text_lookup(FieldLookup lookup, const std::string& column, const std::string& placeholder) const {
    switch (lookup) {
    case FieldLookup::regex: return fmt::format("{} REGEXP {}", column, placeholder);
    case FieldLookup::iregex: return fmt::format("kith_iregexp({}, {})", placeholder, column);
    case FieldLookup::contains:
    case FieldLookup::startswith:
    case FieldLookup::endswith: return fmt::format("{} GLOB {}", column, placeholder);
    default: return fmt::format("{} LIKE {} ESCAPE '\\'", column, placeholder);
    }
}

Value Dialect::lookup_value(FieldLookup lookup, Value value) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return value;
    if (lookup == FieldLookup::regex || lookup == FieldLookup::iregex)
        require_readable(*text, lookup == FieldLookup::iregex);
    return pattern(lookup, *text);
}

std::string Dialect::date_part(FieldLookup part, const std::string& column, const std::string& placeholder,
                               ColumnType type) const {
    if (type == ColumnType::timestamp && encodings_.timestamps != SqliteTimestamps::text) {
        const auto* name = part == FieldLookup::year ? "%Y" : part == FieldLookup::month ? "%m" : "%d";
        const auto units = 1'000'000 / microseconds_in(encodings_.timestamps);
        return fmt::format("CAST(strftime('{}', {} / {}.0, 'unixepoch') AS INTEGER) = {}", name, column, units,
                           placeholder);
    }
    if (part == FieldLookup::year) {
        // A range of the text itself can use an index. The tilde sorts after everything that may follow the year, and
        // keeps the bound from looking like a number, into which the affinity of the column would convert it.
        return fmt::format("{0} BETWEEN printf('%04d-', {1}) AND printf('%04d-~', {1})", column, placeholder);
    }
    return fmt::format("CAST(strftime('{}', {}) AS INTEGER) = {}", part == FieldLookup::month ? "%m" : "%d", column,
                       placeholder);
}

std::string Dialect::key_source(const sql::KeyMarks& keys, std::string_view alias,
                                std::span<const sql::KeyColumn> columns) const {
    if (columns.size() > key_source_columns) throw ValueError("A key of more than eight columns is not supported");
    return fmt::format("{}({}) AS {}", key_source_name, keys.parts.front().columns.front(), quote(alias));
}

// The plus makes the column an expression, which has no affinity: like a parameter, the key is then converted to the
// stored form of the table's column.
std::string Dialect::key(std::string_view alias, std::size_t i) const {
    return fmt::format("+{}", sql::Dialect::key(alias, i));
}

// SQLite keeps the order of a CROSS JOIN: the keys drive.
std::string Dialect::key_join() const { return " CROSS JOIN "; }

std::string Dialect::begin(bool writes, Isolation) const {
    // A writer takes its lock at once: a transaction that reads before it writes may find that it is too late.
    return std::string(writes && !read_only_ ? "BEGIN IMMEDIATE" : snapshot());
}

} // namespace kith::backend::sqlite
