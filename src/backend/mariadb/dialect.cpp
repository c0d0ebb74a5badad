#include "backend/mariadb/dialect.hpp"

#include "backend/mariadb/json_keys.hpp"
#include "backend/mariadb/limits.hpp"
#include "backend/regex.hpp"
#include "sql/like.hpp"
#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace kith::backend::mariadb {

using detail::ColumnType;
using detail::FieldInfo;
using detail::FieldLookup;
using detail::Value;

namespace {

/// The escape character of LIKE patterns; this one has no other meaning in any sql_mode.
constexpr char like_escape = '!';

/// Compiles the pattern, so that an invalid one is refused before any statement runs: MariaDB uses the same PCRE2.
std::string readable(std::string pattern, bool ignore_case) {
    const Regex tried(pattern, ignore_case);
    return ignore_case ? "(?i)" + pattern : pattern;
}

bool is_in_a_composite_key(const FieldInfo& field) {
    return std::ranges::any_of(field.model->relations, [&](const auto& relation) {
        const auto& columns = relation->source_columns;
        return relation->field->kind == detail::MemberKind::composite_key &&
               std::ranges::find(columns, &field) != columns.end();
    });
}

bool holds(const std::vector<std::vector<const FieldInfo*>>& lists, const FieldInfo& field) {
    return std::ranges::any_of(lists, [&](const auto& list) { return std::ranges::find(list, &field) != list.end(); });
}

/// An index does not accept text of unlimited length.
bool is_in_an_index(const FieldInfo& field) {
    if (field.unique || field.indexed || field.primary_key) return true;
    if (field.model == nullptr) return false;
    const auto& model = *field.model;
    return std::ranges::find(model.primary_key, &field) != model.primary_key.end() || holds(model.unique, field) ||
           holds(model.indexes, field) || is_in_a_composite_key(field);
}

constexpr std::uint32_t longest_indexed = 255;

std::string text_type(const FieldInfo& field) {
    if (field.max_length > 0) return fmt::format("varchar({})", field.max_length);
    return is_in_an_index(field) ? fmt::format("varchar({})", longest_indexed) : "longtext";
}

bool is_text(const sql::KeyColumn& key) {
    const bool text =
        key.type == ColumnType::text || key.type == ColumnType::json || key.type == ColumnType::enumeration;
    return text && !key.table.empty();
}

std::string as_bytes(const std::string& column) {
    return fmt::format("CONVERT({} USING utf8mb4) COLLATE utf8mb4_nopad_bin", column);
}

} // namespace

std::string Dialect::column_type(const FieldInfo& field) const {
    switch (field.type) {
    case ColumnType::boolean: return "boolean";
    case ColumnType::int8: return "tinyint";
    case ColumnType::int16: return "smallint";
    case ColumnType::int32: return "integer";
    case ColumnType::int64: return "bigint";
    case ColumnType::uint8: return "tinyint unsigned";
    case ColumnType::uint16: return "smallint unsigned";
    case ColumnType::uint32: return "integer unsigned";
    case ColumnType::uint64: return "bigint unsigned";
    case ColumnType::float32: return "float";
    case ColumnType::float64: return "double";
    case ColumnType::text: return fmt::format("{} {}", text_type(field), own_collation);
    case ColumnType::bytes: return is_in_an_index(field) ? fmt::format("varbinary({})", longest_indexed) : "longblob";
    case ColumnType::date: return "date";
    case ColumnType::timestamp:
    case ColumnType::local_timestamp: return "datetime(6)";
    case ColumnType::enumeration:
        return fmt::format("varchar({}) {}", field.max_length > 0 ? field.max_length : longest_indexed, own_collation);
    // MariaDB's own type refuses identifiers of a version that it does not know.
    case ColumnType::uuid: return "char(32) CHARACTER SET ascii COLLATE ascii_bin";
    case ColumnType::decimal: return fmt::format("decimal({}, {})", decimal_digits, decimal_scale);
    case ColumnType::json: return "json";
    case ColumnType::any: break; // of no column that Kith creates
    }
    throw ValueError("MariaDB does not support this column type");
}

std::string Dialect::automatic_key(std::string_view quoted_column, const FieldInfo& field) const {
    return fmt::format("{} {} NOT NULL AUTO_INCREMENT PRIMARY KEY", quoted_column, column_type(field));
}

// By its bytes, which mean the same in every sql_mode.
std::string Dialect::text_literal(std::string_view text) const {
    std::string literal = "X'";
    for (const char c : text) literal += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return literal + "'";
}

std::string Dialect::create_index(std::string_view schema, std::string_view name, std::string_view table,
                                  std::string_view columns) const {
    const auto prefix = schema.empty() ? std::string{} : quote(schema) + ".";
    return fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}{} ({})", quote(name), prefix, quote(table), columns);
}

std::string Dialect::add_foreign_key(std::string_view table, std::string_view name, std::string_view column,
                                     std::string_view references) const {
    return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} FOREIGN KEY IF NOT EXISTS {1} ({2}){3}", table, name, column,
                       references);
}

std::string Dialect::drop_foreign_key(std::string_view table, std::string_view name) const {
    return fmt::format("ALTER TABLE IF EXISTS {} DROP FOREIGN KEY IF EXISTS {}", table, name);
}

std::string Dialect::aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                               ColumnType type) const {
    // The average of integers would be rounded to four digits.
    const bool rounds = function == detail::AggregateFunction::avg && type != ColumnType::decimal;
    return sql::Dialect::aggregate(function, distinct, rounds ? argument + " + 0e0" : argument, type);
}

std::string Dialect::arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                                ColumnType type) const {
    if (kind == detail::ValueKind::divide && type == ColumnType::int64) {
        return fmt::format("({} DIV NULLIF({}, 0))", left, right);
    }
    return sql::Dialect::arithmetic(kind, left, right, type);
}

// A difference of numbers without a sign would have none either.
std::string Dialect::operand(std::string expression, ColumnType from, ColumnType to) const {
    const bool is_unsigned = from >= ColumnType::uint8 && from <= ColumnType::uint64;
    return is_unsigned && to == ColumnType::int64 ? fmt::format("CAST({} AS SIGNED)", expression) : expression;
}

std::string Dialect::text_lookup(FieldLookup lookup, const std::string& column, const std::string& placeholder) const {
    const auto of_upper = [&](std::string_view op, std::string_view behind) {
        return fmt::format("UPPER(CONVERT({} USING utf8mb4)) COLLATE utf8mb4_nopad_bin {} UPPER({}){}", column, op,
                           placeholder, behind);
    };
    switch (lookup) {
    case FieldLookup::regex:
    case FieldLookup::iregex: return fmt::format("{} REGEXP {}", as_bytes(column), placeholder);
    case FieldLookup::contains:
    case FieldLookup::startswith:
    case FieldLookup::endswith: return fmt::format("{} LIKE {} ESCAPE '!'", as_bytes(column), placeholder);
    case FieldLookup::iexact: return of_upper("=", "");
    default: return of_upper("LIKE", " ESCAPE '!'");
    }
}

Value Dialect::lookup_value(FieldLookup lookup, Value value) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return value;
    if (lookup == FieldLookup::regex || lookup == FieldLookup::iregex)
        return readable(*text, lookup == FieldLookup::iregex);
    return sql::like_pattern(lookup, *text, like_escape);
}

std::string Dialect::date_part(FieldLookup part, const std::string& column, const std::string& placeholder,
                               ColumnType) const {
    const auto* name = part == FieldLookup::year ? "YEAR" : part == FieldLookup::month ? "MONTH" : "DAYOFMONTH";
    return fmt::format("{}({}) = {}", name, column, placeholder);
}

std::size_t Dialect::keys_in_parameter(const sql::KeySet& keys) const { return keys_within(keys, largest_value()); }

/// `text` in the character set and collation of `column`; only then can the column's index be used.
///
/// The result of JSON functions has the weaker collation, so IFNULL takes the column's, as it is when the statement
/// runs. A character that the character set lacks becomes a question mark.
std::string Dialect::in_form_of(const sql::KeyColumn& column, const std::string& text) const {
    return fmt::format("IFNULL((SELECT {} FROM {} LIMIT 0), JSON_UNQUOTE(JSON_QUOTE({})))", quote(column.column),
                       sql::qualified(*this, column.schema, column.table), text);
}

std::string Dialect::key_source(const sql::KeyMarks& keys, std::string_view alias,
                                std::span<const sql::KeyColumn> columns) const {
    auto made = quote("ordinal") + " FOR ORDINALITY";
    std::string read;
    std::string held;
    bool as_they_come = true;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& key = columns[i];
        const auto name = quote(fmt::format("key{}", i));
        const auto path = columns.size() == 1 ? std::string("$") : fmt::format("$[{}]", i);
        made += fmt::format(", {} {} PATH '{}'", name, json_column(key.type), path);
        auto value = name;
        if (key.type == ColumnType::bytes) value = fmt::format("UNHEX({})", name);
        if (is_text(key)) {
            value = in_form_of(key, name);
            // A key that the column cannot hold matches nothing, rather than the converted key.
            held += fmt::format("{}{} = {}", held.empty() ? " WHERE " : " AND ", as_bytes(value), name);
        }
        read += value == name ? ", " + name : fmt::format(", {} AS {}", value, name);
        as_they_come = as_they_come && value == name;
    }
    const auto table = [&](const sql::KeyMarks::Part& part) {
        return fmt::format("JSON_TABLE({}, '$[*]' COLUMNS ({}))", part.columns.front(), made);
    };
    if (keys.parts.size() == 1 && as_they_come) return fmt::format("{} AS {}", table(keys.parts.front()), quote(alias));
    std::string all;
    for (const auto& part : keys.parts) {
        const auto place =
            part.before.empty() ? quote("ordinal") : fmt::format("{0} + {1} AS {0}", quote("ordinal"), part.before);
        all += fmt::format("{}SELECT {}{} FROM {} AS {}{}", all.empty() ? "" : " UNION ALL ", place, read, table(part),
                           quote("part"), held);
    }
    return fmt::format("({}) AS {}", all, quote(alias));
}

// MariaDB allows no LIMIT directly inside IN, but in a derived table inside it.
std::string Dialect::limited_list(std::string select) const {
    return fmt::format("SELECT * FROM ({}) AS {}", select, quote("limited"));
}

// INSERT IGNORE would also ignore a foreign key that leads nowhere.
std::string Dialect::insert_ignore_suffix(std::string_view table, std::string_view column) const {
    return fmt::format(" ON DUPLICATE KEY UPDATE {0} = {1}.{0}", column, table);
}

std::string Dialect::on_conflict(std::span<const std::string>, std::span<const std::string> updated) const {
    std::vector<std::string> sets;
    for (const auto& column : updated) sets.push_back(fmt::format("{0} = VALUES({0})", column));
    return fmt::format(" ON DUPLICATE KEY UPDATE {}", fmt::join(sets, ", "));
}

std::string Dialect::lock(const sql::RowLock& lock) const {
    if (lock.names_tables) {
        throw ValueError("MariaDB locks the rows of all joined tables: select_for_update cannot take `of` there");
    }
    if (lock.key_share) {
        throw ValueError("MariaDB has one lock for changes: select_for_update cannot take `key_share` there");
    }
    return lock.nowait ? " FOR UPDATE NOWAIT" : lock.skip_locked ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE";
}

std::string Dialect::begin(bool writes, Isolation isolation) const {
    const auto start = [&](std::string_view level) {
        return fmt::format("SET TRANSACTION ISOLATION LEVEL {};START TRANSACTION{}", level, writes ? "" : " READ ONLY");
    };
    switch (isolation) {
    // A reader wants one snapshot.
    case Isolation::standard: return start(writes ? "READ COMMITTED" : "REPEATABLE READ");
    case Isolation::read_committed: return start("READ COMMITTED");
    case Isolation::repeatable_read: return start("REPEATABLE READ");
    case Isolation::serializable: return start("SERIALIZABLE");
    }
    throw ValueError("MariaDB does not support this isolation");
}

} // namespace kith::backend::mariadb
