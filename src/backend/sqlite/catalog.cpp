#include "backend/catalog.hpp"

#include "backend/sqlite/connection.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

namespace kith::backend::sqlite {
namespace {

/// A table as listed by `pragma_table_list`.
struct Listed {
    std::string name;
    bool is_view;
    bool has_rowid;
    bool is_strict;
};

std::string upper(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// The meaning of a declared type by SQLite's own rules (its documentation calls it the affinity), and by common use.
ColumnType compared_as(const std::string& declared) {
    const auto type = upper(declared);
    if (type.empty() || type == "ANY") return ColumnType::int64; // text that looks like a number is one
    if (type == "DATE") return ColumnType::date;
    if (type.starts_with("DATETIME") || type.starts_with("TIMESTAMP")) return ColumnType::timestamp;
    if (type.starts_with("BOOL")) return ColumnType::boolean;
    if (holds(type, "INT")) return ColumnType::int64;
    if (holds(type, "CHAR") || holds(type, "CLOB") || holds(type, "TEXT")) return ColumnType::text;
    if (holds(type, "BLOB")) return ColumnType::bytes;
    if (holds(type, "REAL") || holds(type, "FLOA") || holds(type, "DOUB")) return ColumnType::float64;
    if (type.starts_with("DEC") || type.starts_with("NUM") || type.starts_with("MONEY")) return ColumnType::decimal;
    return ColumnType::text;
}

/// The number in `varchar(50)`.
std::uint32_t length_in(std::string_view declared) {
    const auto open = declared.find('(');
    std::uint32_t length = 0;
    if (open != std::string_view::npos) {
        std::from_chars(declared.data() + open + 1, declared.data() + declared.size(), length);
    }
    return length;
}

class Reader {
public:
    Reader(Connection& connection, Handle& handle) : connection_(connection), handle_(handle) {}

    Catalog read() {
        for (const auto& row :
             ask_texts(connection_,
                       "SELECT name, type, CAST(wr AS TEXT), CAST(strict AS TEXT) FROM pragma_table_list "
                       "WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') "
                       "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                       4)) {
            try {
                catalog_.tables.push_back(table({row[0], row[1] == "view", row[2] == "0", row[3] == "1"}));
            } catch (const DatabaseError& e) {
                catalog_.unreadable.push_back(fmt::format("{} cannot be read: {}", row[0], e.what()));
            }
        }
        complete_foreign_keys();
        look_at_keys();
        return std::move(catalog_);
    }

private:
    CatalogTable table(const Listed& listed) {
        CatalogTable table{.name = listed.name, .is_view = listed.is_view};
        std::vector<std::pair<int, std::string>> key;
        for (const auto& row : ask_texts(connection_,
                                         "SELECT name, type, CAST(\"notnull\" AS TEXT), CAST(pk AS TEXT), "
                                         "CAST(hidden AS TEXT), CAST(dflt_value IS NOT NULL AS TEXT) "
                                         "FROM pragma_table_xinfo(?1) ORDER BY cid",
                                         6, {listed.name})) {
            if (row[4] == "1") continue; // hidden, of a virtual table
            auto& column = table.columns.emplace_back(CatalogColumn{
                .name = row[0],
                .declared = row[1],
                .type = compared_as(row[1]),
                .nullable = row[2] == "0",
                .generated = row[4] != "0",
                .has_default = row[5] == "1",
            });
            if (column.type == ColumnType::text) column.max_length = length_in(row[1]);
            column.certain = listed.is_strict && upper(row[1]) != "ANY";
            if (row[3] != "0") key.emplace_back(std::stoi(row[3]), row[0]);
        }
        std::ranges::sort(key);
        for (const auto& [place, name] : key) table.primary_key.push_back(name);
        look_at_rowid(table, listed);
        read_unique(table);
        read_foreign_keys(table);
        return table;
    }

    /// A sole key of the type INTEGER is the rowid, which is always an integer and assigned by SQLite.
    static void look_at_rowid(CatalogTable& table, const Listed& listed) {
        for (const auto& name : table.primary_key) {
            auto& column = *table.find(name);
            if (!listed.has_rowid) column.nullable = false;
            if (table.primary_key.size() != 1 || !listed.has_rowid || upper(column.declared) != "INTEGER") continue;
            column.certain = true;
            column.nullable = false;
            column.has_default = true;
        }
    }

    /// An index over an expression says nothing about columns, and one with another collation than the column's admits
    /// values that the column considers equal.
    void read_unique(CatalogTable& table) {
        std::string index;
        for (const auto& row : ask_texts(connection_,
                                         "SELECT l.name, COALESCE(i.name, ''), i.coll FROM pragma_index_list(?1) AS l, "
                                         "pragma_index_xinfo(l.name) AS i WHERE l.\"unique\" = 1 AND l.partial = 0 "
                                         "AND l.origin <> 'pk' AND i.key = 1 ORDER BY l.seq, i.seqno",
                                         3, {table.name})) {
            if (row[0] != index) table.unique.emplace_back();
            index = row[0];
            const bool says = !row[1].empty() && upper(row[2]) == upper(collation(table.name, row[1]));
            table.unique.back().push_back(says ? row[1] : "");
        }
        std::erase_if(table.unique, [](const auto& names) { return std::ranges::find(names, "") != names.end(); });
    }

    std::string collation(const std::string& table, const std::string& column) {
        const char* name = nullptr;
        handle_.check(sqlite3_table_column_metadata(handle_.get(), "main", table.c_str(), column.c_str(), nullptr,
                                                    &name, nullptr, nullptr, nullptr));
        return name;
    }

    void read_foreign_keys(CatalogTable& table) {
        std::string last;
        for (const auto& row :
             ask_texts(connection_,
                       "SELECT CAST(id AS TEXT), \"table\", \"from\", COALESCE(\"to\", ''), on_delete "
                       "FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq",
                       5, {table.name})) {
            if (row[0] != last) {
                table.foreign_keys.push_back({.target = row[1], .on_delete = on_delete_named(row[4])});
            }
            last = row[0];
            auto& key = table.foreign_keys.back();
            key.columns.push_back(row[2]);
            if (!row[3].empty()) key.target_columns.push_back(row[3]);
        }
    }

    /// Names in foreign keys may differ in case from the tables and columns themselves, and columns may be omitted:
    /// then the primary key is meant.
    void complete_foreign_keys() {
        for (auto& table : catalog_.tables) {
            for (auto& key : table.foreign_keys) {
                const auto target = std::ranges::find_if(
                    catalog_.tables, [&](const auto& each) { return upper(each.name) == upper(key.target); });
                if (target == catalog_.tables.end()) continue;
                key.target = target->name;
                if (key.target_columns.empty()) key.target_columns = target->primary_key;
                for (auto& name : key.columns) name = as_declared(table, name);
                for (auto& name : key.target_columns) name = as_declared(*target, name);
            }
        }
    }
    static std::string as_declared(const CatalogTable& table, const std::string& name) {
        const auto found =
            std::ranges::find_if(table.columns, [&](const auto& column) { return upper(column.name) == upper(name); });
        return found == table.columns.end() ? name : found->name;
    }

    /// Cells of a column may have any type, but keys are searched for by one: that of the column if it has one, else
    /// that of a value in it.
    void look_at_keys() {
        std::set<std::pair<std::string, std::string>> keys;
        for (const auto& table : catalog_.tables) {
            for (const auto& column : table.primary_key) keys.emplace(table.name, column);
            for (const auto& key : table.foreign_keys) {
                for (const auto& column : key.columns) keys.emplace(table.name, column);
                for (const auto& column : key.target_columns) keys.emplace(key.target, column);
            }
        }
        for (const auto& [name, key] : keys) {
            auto* table = catalog_.find(name);
            auto* column = table != nullptr ? table->find(key) : nullptr;
            if (column == nullptr || column->certain) continue;
            const bool clear = column->type == ColumnType::int64 || column->type == ColumnType::text;
            column->type = clear && !column->declared.empty() ? column->type : type_of_value(name, key);
            column->certain = true;
        }
    }
    ColumnType type_of_value(const std::string& table, const std::string& column) {
        const auto& dialect = connection_.dialect();
        const auto quoted = dialect.quote(column);
        const auto rows = ask_texts(
            connection_,
            fmt::format("SELECT typeof({0}) FROM {1} WHERE {0} IS NOT NULL LIMIT 1", quoted, dialect.quote(table)), 1);
        if (rows.empty() || rows[0][0] == "integer") return ColumnType::int64;
        if (rows[0][0] == "real") return ColumnType::float64;
        return rows[0][0] == "blob" ? ColumnType::bytes : ColumnType::text;
    }

    Connection& connection_;
    Handle& handle_;
    Catalog catalog_;
};

} // namespace

Catalog Connection::catalog() { return Reader(*this, handle_).read(); }

} // namespace kith::backend::sqlite
