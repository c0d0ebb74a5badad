#include "backend/catalog.hpp"

#include "backend/mariadb/connection.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <charconv>

namespace kith::backend::mariadb {
namespace {

// Names in information_schema are compared ignoring case, whether or not `Artist` and `artist` are two tables: BINARY
// distinguishes them. The plain comparison with DATABASE() stays, because it makes MariaDB open the tables of only one
// database.

constexpr const char* tables_sql =
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE() "
    "AND BINARY table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') "
    "ORDER BY table_name, BINARY table_name";

constexpr const char* columns_sql =
    "SELECT table_name, column_name, CAST(column_type AS CHAR), data_type, is_nullable, extra, "
    "CAST(column_default IS NOT NULL AS CHAR), CAST(COALESCE(character_maximum_length, 0) AS CHAR) "
    "FROM information_schema.columns WHERE table_schema = DATABASE() AND BINARY table_schema = DATABASE() "
    "ORDER BY BINARY table_name, ordinal_position";

/// The columns of keys, in three kinds. Not joined to table_constraints, which shows nothing to users who may only
/// read; neither does referential_constraints, but only the action on deletion depends on it. A foreign key may have
/// the name of a unique key of its table.
constexpr const char* constraints_sql =
    "SELECT k.table_name, k.constraint_name, CASE WHEN k.referenced_table_name IS NOT NULL THEN 'FOREIGN KEY' "
    "WHEN k.constraint_name = 'PRIMARY' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END AS kind, k.column_name, "
    "COALESCE(k.referenced_table_name, ''), COALESCE(k.referenced_column_name, ''), COALESCE(r.delete_rule, ''), "
    "CAST(BINARY COALESCE(k.referenced_table_schema, DATABASE()) = DATABASE() AS CHAR) "
    "FROM information_schema.key_column_usage AS k "
    "LEFT JOIN information_schema.referential_constraints AS r ON k.referenced_table_name IS NOT NULL "
    "AND BINARY r.constraint_schema = k.constraint_schema AND BINARY r.table_name = k.table_name "
    "AND BINARY r.constraint_name = k.constraint_name "
    "WHERE k.table_schema = DATABASE() AND BINARY k.table_schema = DATABASE() "
    "ORDER BY BINARY k.table_name, BINARY k.constraint_name, kind, k.ordinal_position";

struct Readable {
    ColumnType type{ColumnType::text};
    bool certain{true};
    bool can_be_key{true};
    bool readable{true};
};

Readable integer(ColumnType with_sign, ColumnType without, bool is_unsigned) {
    return {.type = is_unsigned ? without : with_sign};
}

Readable readable(const std::string& type, const std::string& declared) {
    const bool is_unsigned = declared.find("unsigned") != std::string::npos;
    if (type == "tinyint") return integer(ColumnType::int8, ColumnType::uint8, is_unsigned);
    if (type == "smallint") return integer(ColumnType::int16, ColumnType::uint16, is_unsigned);
    if (type == "mediumint" || type == "int") return integer(ColumnType::int32, ColumnType::uint32, is_unsigned);
    if (type == "bigint") return integer(ColumnType::int64, ColumnType::uint64, is_unsigned);
    if (type == "year") return {.type = ColumnType::int16};
    if (type == "float") return {.type = ColumnType::float32};
    if (type == "double") return {.type = ColumnType::float64};
    if (type == "decimal") return {.type = ColumnType::decimal};
    // 0000-00-00 is not a date.
    if (type == "date") return {.type = ColumnType::date, .certain = false};
    if (type == "datetime" || type == "timestamp") return {.type = ColumnType::timestamp, .certain = false};
    if (type == "bit") return {.type = ColumnType::uint64, .certain = false, .can_be_key = false, .readable = false};
    if (type.ends_with("binary") || type.ends_with("blob")) return {.type = ColumnType::bytes};
    const bool is_text = type.ends_with("char") || type.ends_with("text") || type == "enum" || type == "set";
    return {.type = ColumnType::text, .certain = is_text, .can_be_key = is_text, .readable = is_text};
}

std::uint32_t number(const std::string& text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

CatalogColumn column(const std::vector<std::string>& row) {
    const auto how = readable(row[3], row[2]);
    const bool counts = row[5].find("auto_increment") != std::string::npos;
    return {
        .name = row[1],
        .declared = row[2],
        .type = how.type,
        .certain = how.certain,
        .readable = how.readable,
        .can_be_key = how.can_be_key,
        .nullable = row[4] == "YES",
        .generated = row[5].find("GENERATED") != std::string::npos,
        .has_default = counts || (row[6] == "1" && row[4] != "YES"),
        .max_length = row[3] == "varchar" || row[3] == "char" ? number(row[7]) : 0,
    };
}

void add_constraint(CatalogTable& table, const std::vector<std::string>& row, bool is_new) {
    if (row[2] == "PRIMARY KEY") {
        table.primary_key.push_back(row[3]);
    } else if (row[2] == "UNIQUE") {
        if (is_new) table.unique.emplace_back();
        table.unique.back().push_back(row[3]);
    } else {
        if (is_new) {
            const auto target = row[7] == "1" ? row[4] : std::string{};
            table.foreign_keys.push_back({.target = target, .on_delete = on_delete_named(row[6])});
        }
        table.foreign_keys.back().columns.push_back(row[3]);
        table.foreign_keys.back().target_columns.push_back(row[5]);
    }
}

} // namespace

Catalog Connection::catalog() {
    if (ask_texts(*this, "SELECT COALESCE(DATABASE(), '')", 1)[0][0].empty()) {
        throw OperationalError("The URL names no database of the server: write mariadb://user@host/name");
    }
    Catalog catalog;
    for (const auto& row : ask_texts(*this, tables_sql, 2)) {
        catalog.tables.push_back({.name = row[0], .is_view = row[1] == "VIEW"});
    }
    for (const auto& row : ask_texts(*this, columns_sql, 8)) {
        if (auto* table = catalog.find(row[0])) table->columns.push_back(column(row));
    }
    std::string last;
    for (const auto& row : ask_texts(*this, constraints_sql, 8)) {
        const auto name = row[0] + '\0' + row[1] + '\0' + row[2];
        if (auto* table = catalog.find(row[0])) add_constraint(*table, row, name != last);
        last = name;
    }
    return catalog;
}

} // namespace kith::backend::mariadb
