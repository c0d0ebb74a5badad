#include "backend/catalog.hpp"

#include "backend/postgresql/connection.hpp"
#include "backend/postgresql/types.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace kith::backend::postgresql {
namespace {

/// The tables and views that statements reach without naming a schema.
constexpr const char* tables_sql = R"(
    SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND pg_catalog.pg_table_is_visible(c.oid)
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
    ORDER BY c.relname)";

/// For a domain, its base type.
constexpr const char* columns_sql = R"(
    SELECT a.attrelid::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
        COALESCE(NULLIF(t.typbasetype, 0), t.oid)::text, a.attnotnull::text, (a.attgenerated <> '')::text,
        (a.atthasdef OR a.attidentity <> '')::text, GREATEST(a.atttypmod - 4, 0)::text, t.typtype::text
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND pg_catalog.pg_table_is_visible(c.oid)
    ORDER BY a.attrelid, a.attnum)";

constexpr const char* constraints_sql = R"(
    SELECT k.conrelid::text, k.oid::text, k.contype::text, k.confrelid::text, k.confdeltype::text, a.attname::text,
        COALESCE(f.attname, '')::text
    FROM pg_catalog.pg_constraint AS k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u(col, ref, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.col
    LEFT JOIN pg_catalog.pg_attribute AS f ON f.attrelid = k.confrelid AND f.attnum = u.ref
    WHERE k.contype IN ('p', 'f') AND k.conparentid = 0 AND pg_catalog.pg_table_is_visible(k.conrelid)
    ORDER BY k.conrelid, k.conname, u.place)";

/// The columns of unique constraints and of other unique indexes. Ignored are partial indexes and indexes over
/// expressions, which say nothing about columns, unfinished ones, which may be violated, and those of a table with
/// child tables, which do not cover the rows of these, although the rows belong to the table too.
constexpr const char* unique_sql = R"(
    SELECT i.indrelid::text, i.indexrelid::text, a.attname::text
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid AND NOT (c.relkind = 'r' AND c.relhassubclass)
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS u(col, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.col
    WHERE i.indisunique AND NOT i.indisprimary AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND u.place <= i.indnkeyatts AND pg_catalog.pg_table_is_visible(i.indrelid)
    ORDER BY i.indrelid, x.relname, u.place)";

struct Readable {
    ColumnType type;
    bool certain; ///< every value has a form that Kith reads; false if values can be NaN or infinite
};

/// How a type is read; no value if the server must turn it into text.
std::optional<Readable> readable(type::Number number) {
    switch (number) {
    case type::boolean: return Readable{ColumnType::boolean, true};
    case type::int2: return Readable{ColumnType::int16, true};
    case type::int4: return Readable{ColumnType::int32, true};
    case type::int8: return Readable{ColumnType::int64, true};
    case type::oid: return Readable{ColumnType::uint32, true};
    case type::float4: return Readable{ColumnType::float32, true};
    case type::float8: return Readable{ColumnType::float64, true};
    case type::text:
    case type::varchar:
    case type::bpchar:
    case type::name: return Readable{ColumnType::text, true};
    case type::bytea: return Readable{ColumnType::bytes, true};
    case type::uuid: return Readable{ColumnType::uuid, true};
    case type::json:
    case type::jsonb: return Readable{ColumnType::json, true};
    case type::numeric: return Readable{ColumnType::decimal, false};
    case type::date: return Readable{ColumnType::date, false};
    case type::timestamp: return Readable{ColumnType::local_timestamp, false};
    case type::timestamptz: return Readable{ColumnType::timestamp, false};
    default: return std::nullopt;
    }
}

std::uint32_t number(const std::string& text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

CatalogColumn column(const std::vector<std::string>& row) {
    CatalogColumn column{
        .name = row[1],
        .declared = row[2],
        .nullable = row[4] == "false",
        .generated = row[5] == "true",
        .has_default = row[6] == "true" && row[5] == "false",
    };
    const auto type = readable(number(row[3]));
    column.type = type ? type->type : ColumnType::text;
    column.certain = type && type->certain;
    column.as_text = !column.certain;
    column.readable = type || row[8] == "e"; // labels of enums are texts
    // Types unknown to Kith are sent as the server's own text, and compared as their own type.
    column.can_be_key = column.type != ColumnType::json;
    const bool limited = row[2].starts_with("character");
    if (limited) column.max_length = number(row[7]);
    return column;
}

OnDelete on_delete(const std::string& letter) {
    if (letter == "c") return OnDelete::cascade;
    if (letter == "n") return OnDelete::set_null;
    return letter == "r" ? OnDelete::restrict : OnDelete::no_action;
}

class Reader {
public:
    explicit Reader(Connection& connection) : connection_(connection) {}

    Catalog read() {
        for (const auto& row : ask_texts(connection_, tables_sql, 4)) {
            places_.emplace(row[0], catalog_.tables.size());
            catalog_.tables.push_back({.name = row[2], .is_view = row[3] == "v" || row[3] == "m"});
        }
        for (const auto& row : ask_texts(connection_, columns_sql, 9)) {
            if (auto* table = find(row[0])) table->columns.push_back(column(row));
        }
        std::string last;
        for (const auto& row : ask_texts(connection_, constraints_sql, 7)) {
            if (auto* table = find(row[0])) add(*table, row, row[1] != last);
            last = row[1];
        }
        read_unique();
        return std::move(catalog_);
    }

private:
    CatalogTable* find(const std::string& oid) {
        const auto found = places_.find(oid);
        return found == places_.end() ? nullptr : &catalog_.tables[found->second];
    }

    void read_unique() {
        std::string last;
        for (const auto& row : ask_texts(connection_, unique_sql, 3)) {
            auto* table = find(row[0]);
            if (table == nullptr) continue;
            if (row[1] != last) table->unique.emplace_back();
            last = row[1];
            table->unique.back().push_back(row[2]);
        }
    }

    /// Adds one column of a constraint, the first one if `is_new`.
    void add(CatalogTable& table, const std::vector<std::string>& row, bool is_new) {
        if (row[2] == "p") {
            table.primary_key.push_back(row[5]);
        } else {
            const auto* target = find(row[3]);
            if (is_new) {
                table.foreign_keys.push_back(
                    {.target = target != nullptr ? target->name : "", .on_delete = on_delete(row[4])});
            }
            table.foreign_keys.back().columns.push_back(row[5]);
            table.foreign_keys.back().target_columns.push_back(row[6]);
        }
    }

    Connection& connection_;
    Catalog catalog_;
    std::map<std::string, std::size_t> places_;
};

} // namespace

Catalog Connection::catalog() { return Reader(*this).read(); }

} // namespace kith::backend::postgresql
