#include "backend/mariadb/connection.hpp"

#include <map>

namespace kith::backend::mariadb {
namespace {

using Kind = StoredColumn::Kind;

constexpr const char* stored_columns_sql =
    "SELECT column_name, data_type, COALESCE(datetime_precision, numeric_scale, character_maximum_length, -1), "
    "column_type FROM information_schema.columns WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND "
    "table_name = ?";

Kind kind_of(const std::string& type) {
    static const std::map<std::string, Kind, std::less<>> kinds{
        {"tinyint", Kind::whole},     {"smallint", Kind::whole},     {"mediumint", Kind::whole},
        {"int", Kind::whole},         {"bigint", Kind::whole},       {"year", Kind::year},
        {"float", Kind::fraction32},  {"double", Kind::fraction64},  {"decimal", Kind::decimal},
        {"varchar", Kind::text},      {"tinytext", Kind::text},      {"text", Kind::text},
        {"mediumtext", Kind::text},   {"longtext", Kind::text},      {"char", Kind::padded},
        {"datetime", Kind::datetime}, {"timestamp", Kind::datetime}, {"date", Kind::day},
        {"varbinary", Kind::bytes},   {"tinyblob", Kind::bytes},     {"blob", Kind::bytes},
        {"mediumblob", Kind::bytes},  {"longblob", Kind::bytes},     {"binary", Kind::padded_bytes},
        {"bit", Kind::boolean},       {"time", Kind::unread},
    };
    const auto found = kinds.find(type);
    return found != kinds.end() ? found->second : Kind::other;
}

constexpr const char* unique_keys_sql =
    "SELECT index_name, CONCAT(column_name, COALESCE(CONCAT('(', sub_part, ')'), '')) FROM "
    "information_schema.statistics WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND "
    "non_unique = 0 ORDER BY index_name, seq_in_index";

} // namespace

StoredColumns::Columns Connection::ask_columns(std::string_view schema, std::string_view table) {
    const auto cursor = query({.text = stored_columns_sql,
                               .binds = {Value{std::string(schema)}, Value{std::string(table)}},
                               .table = "columns"});
    const auto text = [&](int column) {
        return std::get<std::string>(cursor->value(column, ColumnType::text, nullptr));
    };
    StoredColumns::Columns columns;
    while (cursor->next()) {
        columns[text(0)] = {
            .kind = kind_of(text(1)), .places = static_cast<int>(cursor->integer(2)), .declared = text(3)};
    }
    return columns;
}

std::vector<UniqueKey> Connection::unique_keys(const detail::ModelInfo& model) {
    const auto cursor =
        query({.text = unique_keys_sql, .binds = {Value{model.schema}, Value{model.table}}, .table = "statistics"});
    const auto text = [&](int column) {
        return std::get<std::string>(cursor->value(column, ColumnType::text, nullptr));
    };
    std::vector<UniqueKey> found;
    while (cursor->next()) {
        auto name = text(0);
        if (found.empty() || found.back().name != name) found.push_back({.name = std::move(name)});
        found.back().columns.push_back(text(1));
    }
    return found;
}

} // namespace kith::backend::mariadb
