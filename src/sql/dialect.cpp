#include "sql/dialect.hpp"

#include "sql/text.hpp"

#include <kith/detail/core/value_rules.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::sql {

KeyColumn KeyColumn::of(const FieldInfo& field) {
    KeyColumn key{.type = field.type, .column = field.column};
    if (field.model != nullptr) {
        key.schema = field.model->schema;
        key.table = field.model->table;
    }
    return key;
}

std::string Dialect::quote(std::string_view identifier) const {
    std::string quoted;
    quoted.reserve(identifier.size() + 2);
    append_quoted(quoted, identifier);
    return quoted;
}

void Dialect::append_quoted(std::string& text, std::string_view identifier) const {
    if (identifier.find('\0') != std::string_view::npos) {
        throw ValueError("The name of a table or column contains a NUL character, which no database can store");
    }
    const char mark = quotes();
    text += mark;
    if (identifier.find(mark) == std::string_view::npos) {
        text += identifier;
    } else {
        for (const char c : identifier) {
            if (c == mark) text += mark;
            text += c;
        }
    }
    text += mark;
}

std::string Dialect::placeholder(std::size_t) const { return "?"; }

std::string Dialect::text_literal(std::string_view text) const {
    std::string literal = "'";
    for (const char c : text) {
        if (c == '\'') literal += c;
        literal += c;
    }
    return literal + "'";
}

std::string Dialect::constant(const detail::DefaultValue& constant, const FieldInfo& column) const {
    using Kind = detail::DefaultValue::Kind;
    switch (constant.kind) {
    case Kind::none: break;
    case Kind::boolean: return constant.integer != 0 ? "TRUE" : "FALSE";
    case Kind::integer:
        if (column.names == nullptr) return fmt::format("{}", constant.integer);
        return text_literal(column.names->name_of_value(constant.integer));
    case Kind::real: return fmt::format("{}", constant.real);
    case Kind::text:
        // The digits of a Decimal, which the compiler has checked.
        return column.type == ColumnType::text ? text_literal(constant.text) : std::string(constant.text);
    }
    return "NULL";
}

std::string Dialect::create_index(std::string_view schema, std::string_view name, std::string_view table,
                                  std::string_view columns) const {
    const auto prefix = schema.empty() ? std::string{} : quote(schema) + ".";
    return fmt::format("CREATE INDEX IF NOT EXISTS {}{} ON {} ({})", prefix, quote(name), quote(table), columns);
}

std::string Dialect::aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                               ColumnType) const {
    constexpr std::string_view names[]{"COUNT", "SUM", "AVG", "MIN", "MAX"};
    return concat(names[static_cast<std::size_t>(function)], "(", distinct ? "DISTINCT " : "", argument, ")");
}

std::string Dialect::arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                                ColumnType) const {
    if (kind == detail::ValueKind::divide) return concat("(", left, " / NULLIF(", right, ", 0))");
    return concat("(", left, " ", name_of(kind), " ", right, ")");
}

std::string Dialect::operand(std::string expression, ColumnType, ColumnType) const { return expression; }

std::string Dialect::call(detail::ValueKind function, std::span<const std::string> arguments) const {
    const auto name = function == detail::ValueKind::coalesce ? "COALESCE"
                      : function == detail::ValueKind::lower  ? "LOWER"
                      : function == detail::ValueKind::upper  ? "UPPER"
                                                              : "CHAR_LENGTH";
    return concat(name, "(", joined(arguments, ", "), ")");
}

std::string Dialect::stored(std::string expression, const FieldInfo&) const { return expression; }

std::string Dialect::as_text(const std::string& expression) const {
    return fmt::format("CAST({} AS text)", expression);
}

bool Dialect::matches_by_key(ColumnType) const { return false; }

std::size_t Dialect::keys_in_parameter(const KeySet&) const { return std::string::npos; }

std::string Dialect::key_condition(const std::string& column, const KeyMarks& keys, const KeyColumn& key) const {
    constexpr std::string_view alias = "k";
    return concat(column, " IN (SELECT ", this->key(alias, 0), " FROM ", key_source(keys, alias, std::span(&key, 1)),
                  ")");
}

std::string Dialect::key(std::string_view alias, std::size_t i) const {
    return concat(quote(alias), ".", quote(concat("key", std::to_string(i))));
}

std::string Dialect::lookup(FieldLookup lookup, const std::string& column, const std::string& placeholder,
                            ColumnType type) const {
    const auto compare = [&](std::string_view op) { return concat(column, " ", op, " ", placeholder); };
    switch (lookup) {
    case FieldLookup::exact: return compare("=");
    case FieldLookup::gt: return compare(">");
    case FieldLookup::gte: return compare(">=");
    case FieldLookup::lt: return compare("<");
    case FieldLookup::lte: return compare("<=");
    case FieldLookup::year:
    case FieldLookup::month:
    case FieldLookup::day: return date_part(lookup, column, placeholder, type);
    case FieldLookup::in:
    case FieldLookup::range:
    case FieldLookup::isnull: throw ValueError("in, range and isnull do not compare with a single value");
    default: return text_lookup(lookup, column, placeholder);
    }
}

std::string Dialect::limit(std::size_t offset, std::size_t count) const {
    const bool bounded = count != std::string::npos;
    if (!bounded && offset == 0) return {};
    std::string text = bounded ? concat(" LIMIT ", std::to_string(count)) : std::string(no_limit());
    if (offset > 0) text += concat(" OFFSET ", std::to_string(offset));
    return text;
}

std::string Dialect::limited_list(std::string select) const { return select; }

std::string Dialect::lock(const RowLock&) const { return {}; }

std::string_view Dialect::latest() const { return {}; }

std::string_view Dialect::no_values() const { return "DEFAULT VALUES"; }

std::string Dialect::copy_from(std::string_view, std::string_view) const { return {}; }

std::string Dialect::insert_ignore_suffix(std::string_view, std::string_view) const {
    return " ON CONFLICT DO NOTHING";
}

std::string Dialect::on_conflict(std::span<const std::string> key, std::span<const std::string> updated) const {
    auto text = concat(" ON CONFLICT (", joined(key, ", "), ") DO ");
    if (updated.empty()) return text + "NOTHING";
    text += "UPDATE SET ";
    for (std::size_t i = 0; i < updated.size(); ++i) {
        text += concat(i == 0 ? "" : ", ", updated[i], " = excluded.", updated[i]);
    }
    return text;
}

std::string Dialect::order_term(std::string column, ColumnType type, bool descending, bool) const {
    return comparable(std::move(column), type) + (descending ? " DESC" : " ASC");
}

std::string Dialect::add_foreign_key(std::string_view, std::string_view, std::string_view, std::string_view) const {
    return {};
}

std::string Dialect::drop_foreign_key(std::string_view, std::string_view) const { return {}; }

std::size_t Dialect::longest_name() const { return std::string::npos; }

std::string Dialect::comparable(std::string expression, ColumnType) const { return expression; }

} // namespace kith::sql
