#include "backend/sqlite/violation.hpp"

#include "backend/sqlite/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::backend::sqlite {

namespace {

using detail::RelationInfo;

std::vector<std::string> columns_of(const RelationInfo& relation) {
    std::vector<std::string> columns;
    for (const auto* field : relation.source_columns) columns.push_back(field->column);
    return columns;
}

/// The foreign keys that `statement` writes.
std::vector<const RelationInfo*> written_keys(const sql::Statement& statement) {
    std::vector<const RelationInfo*> keys;
    const auto& stored = statement.stored;
    const auto first = std::ranges::find_if(stored, [](const FieldInfo* field) { return field != nullptr; });
    if (first == stored.end()) return keys;
    for (const auto& relation : (*first)->model->relations) {
        const auto is_written = [&](const FieldInfo* field) {
            return std::ranges::find(stored, field) != stored.end();
        };
        if (relation->forward && std::ranges::any_of(relation->source_columns, is_written))
            keys.push_back(relation.get());
    }
    return keys;
}

/// Whether one of the keys that `statement` writes to a column belongs to no row. Only the first thousand are looked
/// up.
bool leads_nowhere(const RelationInfo& key, const sql::Statement& statement, backend::Connection& connection) {
    const auto* source = key.source_columns.front();
    const auto& target = *key.target_columns.front();
    const auto& dialect = connection.dialect();
    const auto text =
        fmt::format("SELECT 1 FROM {} WHERE {} = ?1", dialect.quote(target.model->table), dialect.quote(target.column));
    std::size_t left = 1000;
    const Value* before = nullptr;
    for (std::size_t i = 0; i < statement.binds.size() && left > 0; ++i) {
        const auto* value = std::get_if<Value>(&statement.binds[i]);
        if (statement.stored[i] != source || value == nullptr || detail::is_null(*value)) continue;
        const auto* last = std::exchange(before, value);
        if (last != nullptr && *last == *value) continue;
        if (!connection.query({.text = text, .binds = {*value}})->next()) return true;
        --left;
    }
    return false;
}

} // namespace

std::string unique_index(Handle& handle, const ErrorContext& violated) {
    if (violated.columns.empty()) return violated.constraint;
    constexpr const char* find = "SELECT name FROM pragma_index_list(?1) AS list WHERE \"unique\" AND ?2 = (SELECT "
                                 "group_concat(name, char(10)) FROM (SELECT name FROM pragma_index_info(list.name) "
                                 "ORDER BY seqno))";
    const auto columns = fmt::format("{}", fmt::join(violated.columns, "\n"));
    const auto found = ask(handle, find, {violated.table, columns});
    const auto* name = found != nullptr ? reinterpret_cast<const char*>(sqlite3_column_text(found.get(), 0)) : nullptr;
    return name != nullptr ? name : "";
}

std::vector<std::string> missing_target(const sql::Statement& statement, backend::Connection& connection) {
    const auto keys = written_keys(statement);
    if (keys.size() == 1) return columns_of(*keys.front());
    for (const auto* key : keys) {
        if (key->source_columns.size() == 1 && leads_nowhere(*key, statement, connection)) return columns_of(*key);
    }
    return {};
}

} // namespace kith::backend::sqlite
