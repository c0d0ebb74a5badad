#include "backend/postgresql/connection.hpp"

#include <charconv>

namespace kith::backend::postgresql {
namespace {

using Kind = StoredColumn::Kind;

/// For a domain, its base type. A row may be left out by a trigger that runs before the insert or instead of it, or by
/// a rule; a partition may have triggers of its own; a policy for rows may look for others that are inserted before.
constexpr const char* stored_columns_sql = R"(SELECT a.attname::text, COALESCE(NULLIF(t.typbasetype, 0), t.oid)::bigint,
        (CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END)::bigint,
        pg_catalog.format_type(a.atttypid, a.atttypmod),
        (c.relkind = 'r' AND NOT c.relhasrules AND NOT pg_catalog.row_security_active(c.oid) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g
            WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 5 = 5 AND g.tgtype & 66 <> 0))::int::bigint
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    WHERE a.attrelid = pg_catalog.to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped)";

Kind kind_of(type::Number number, bool any_length) {
    switch (number) {
    case type::boolean: return Kind::boolean;
    case type::int2:
    case type::int4:
    case type::int8:
    case type::oid: return Kind::whole;
    case type::float4: return Kind::fraction32;
    case type::float8: return Kind::fraction64;
    case type::numeric: return Kind::decimal;
    case type::text:
    case type::varchar:
    case type::name: return Kind::cast_text;
    case type::bpchar: return any_length ? Kind::cast_text : Kind::filled;
    case type::bytea: return Kind::bytes;
    case type::date: return Kind::day;
    case type::timestamp: return Kind::local;
    case type::timestamptz: return Kind::moment;
    case type::uuid: return Kind::uuid;
    case type::money:
    case type::time:
    case type::timetz:
    case type::interval: return Kind::unread;
    default: return Kind::other;
    }
}

/// The number of places that the modifier of a type keeps.
int places(type::Number number, std::int64_t modifier) {
    if (modifier < 0) return -1;
    switch (number) {
    case type::numeric: return static_cast<int>((modifier - 4) & 0x7ff);
    case type::timestamp:
    case type::timestamptz: return static_cast<int>(modifier);
    case type::bpchar:
    case type::varchar: return static_cast<int>(modifier - 4);
    default: return -1;
    }
}

} // namespace

StoredColumns::Columns Connection::ask_columns(std::string_view schema, std::string_view table) {
    auto name = dialect_->quote(table);
    if (!schema.empty()) name = dialect_->quote(schema) + "." + name;
    const auto cursor = query({.text = stored_columns_sql, .binds = {Value{std::move(name)}}, .table = "pg_attribute"});
    const auto text = [&](int column) {
        return std::get<std::string>(cursor->value(column, ColumnType::text, nullptr));
    };
    StoredColumns::Columns columns;
    while (cursor->next()) {
        const auto stored = static_cast<type::Number>(cursor->integer(1));
        const auto modifier = cursor->integer(2);
        columns[text(0)] = {.kind = kind_of(stored, modifier < 0),
                            .places = places(stored, modifier),
                            .declared = text(3),
                            .always_inserted = cursor->integer(4) != 0};
    }
    return columns;
}

} // namespace kith::backend::postgresql
