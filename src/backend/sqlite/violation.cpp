#include "backend/sqlite/violation.hpp"

#include "backend/sqlite/ask.hpp"
#include "sql/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

namespace kith::backend::sqlite {

namespace {

using detail::RelationInfo;

std::vector<std::string> columns_of(const RelationInfo& relation) {
    std::vector<std::string> columns;
    for (const auto* field : relation.source_columns) columns.push_back(field->column);
    return columns;
}

/// The foreign keys that `statement` writes whole.
std::vector<const RelationInfo*> written_keys(const sql::Statement& statement) {
    std::vector<const RelationInfo*> keys;
    const auto& stored = statement.stored;
    const auto first = std::ranges::find_if(stored, [](const FieldInfo* field) { return field != nullptr; });
    if (first == stored.end()) return keys;
    for (const auto& relation : (*first)->model->relations) {
        const auto is_written = [&](const FieldInfo* field) {
            return std::ranges::find(stored, field) != stored.end();
        };
        if (relation->forward && std::ranges::all_of(relation->source_columns, is_written))
            keys.push_back(relation.get());
    }
    return keys;
}

/// What `statement` writes to a column, row by row.
std::vector<Value> written_values(const sql::Statement& statement, const FieldInfo* column) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < statement.binds.size(); ++i) {
        const auto* value = std::get_if<Value>(&statement.binds[i]);
        if (statement.stored[i] == column && value != nullptr) values.push_back(*value);
    }
    return values;
}

/// Whether one of the keys that `statement` writes belongs to no row. Only the first thousand are looked up.
bool leads_nowhere(const RelationInfo& key, const sql::Statement& statement, backend::Connection& connection) {
    constexpr std::size_t most = 1000;
    const auto& dialect = connection.dialect();
    const auto& target = *key.target_columns.front()->model;
    auto text = fmt::format("SELECT 1 FROM {}", sql::qualified(dialect, target.schema, target.table));
    std::vector<std::vector<Value>> columns;
    for (std::size_t i = 0; i < key.source_columns.size(); ++i) {
        text += fmt::format("{}{} = ?", i == 0 ? " WHERE " : " AND ", dialect.quote(key.target_columns[i]->column));
        columns.push_back(written_values(statement, key.source_columns[i]));
        if (columns.back().size() != columns.front().size()) return false; // some are computed
    }
    std::vector<sql::Bind> before;
    for (std::size_t row = 0; row < std::min(columns.front().size(), most); ++row) {
        std::vector<sql::Bind> values;
        for (const auto& column : columns) values.emplace_back(column[row]);
        const bool is_null = std::ranges::any_of(columns, [&](const auto& c) { return detail::is_null(c[row]); });
        if (is_null || values == before) continue;
        if (!connection.query({.text = text, .binds = values})->next()) return true;
        before = std::move(values);
    }
    return false;
}

} // namespace

std::string unique_index(Handle& handle, std::string_view schema, const ErrorContext& violated) {
    if (violated.columns.empty()) return violated.constraint;
    constexpr const char* find =
        "SELECT name FROM pragma_index_list(?1, NULLIF(?3, '')) AS list WHERE \"unique\" AND ?2 "
        "= (SELECT group_concat(name, char(10)) FROM (SELECT name FROM "
        "pragma_index_info(list.name, NULLIF(?3, '')) ORDER BY seqno))";
    const auto columns = fmt::format("{}", fmt::join(violated.columns, "\n"));
    const auto found = ask(handle, find, {violated.table, columns, schema});
    const auto* name = found != nullptr ? reinterpret_cast<const char*>(sqlite3_column_text(found.get(), 0)) : nullptr;
    return name != nullptr ? name : "";
}

std::vector<std::string> missing_target(const sql::Statement& statement, backend::Connection& connection) {
    const auto keys = written_keys(statement);
    if (keys.size() == 1 && statement.text.starts_with("INSERT")) return columns_of(*keys.front());
    const auto found =
        std::ranges::find_if(keys, [&](const RelationInfo* key) { return leads_nowhere(*key, statement, connection); });
    return found != keys.end() ? columns_of(**found) : std::vector<std::string>{};
}

void find_reference(Handle& handle, const sql::Statement& statement, ErrorContext& violated) {
    if (statement.table.empty() || !sql::schema_of(statement).empty()) return;
    constexpr const char* find =
        "WITH RECURSIVE lost(name) AS (SELECT ?1 UNION SELECT child.name FROM lost, sqlite_schema AS child, "
        "pragma_foreign_key_list(child.name) AS key WHERE child.type = 'table' AND key.\"table\" = lost.name COLLATE "
        "NOCASE AND 'CASCADE' = CASE ?2 WHEN 'DELETE' THEN on_delete ELSE on_update END) "
        "SELECT child.name, group_concat(key.\"from\", char(10)) FROM lost, sqlite_schema AS child, "
        "pragma_foreign_key_list(child.name) AS key WHERE child.type = 'table' AND key.\"table\" = lost.name COLLATE "
        "NOCASE AND CASE ?2 WHEN 'DELETE' THEN on_delete ELSE on_update END IN ('NO ACTION', 'RESTRICT', 'SET "
        "DEFAULT') AND (?2 = 'DELETE' OR instr(?3, char(10) || key.\"to\" || char(10))) "
        "GROUP BY child.name, key.id";
    std::string assigned = "\n"; // a computed value is not among them, and then it is not known
    for (const auto* column : statement.stored) {
        if (column != nullptr) assigned += column->column + "\n";
    }
    const auto found = ask(handle, find, {statement.table, std::string_view(statement.text).substr(0, 6), assigned});
    if (found == nullptr) return;
    const auto text = [&](int column) {
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(found.get(), column)));
    };
    const auto table = text(0);
    const auto columns = text(1);
    if (sqlite3_step(found.get()) != SQLITE_DONE) return; // there are several
    violated.table = table;
    for (const auto column : std::views::split(columns, '\n'))
        violated.columns.emplace_back(column.begin(), column.end());
}

} // namespace kith::backend::sqlite
