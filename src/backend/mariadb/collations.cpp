#include "backend/mariadb/collations.hpp"

#include <fmt/format.h>

#include <variant>

namespace kith::backend::mariadb {

std::string Collations::of(std::string_view schema, std::string_view table, std::string_view column) {
    const std::pair key{std::string(schema), std::string(table)};
    const std::lock_guard lock(mutex_);
    auto known = tables_.find(key);
    if (known == tables_.end()) {
        auto columns = ask(key.first, key.second);
        if (columns.empty()) return std::string(own_collation); // a table that may be made yet
        known = tables_.emplace(key, std::move(columns)).first;
    }
    const auto found = known->second.find(column);
    return found != known->second.end() ? found->second : std::string(own_collation);
}

Collations::Columns Collations::ask(const std::string& schema, const std::string& table) const {
    const auto connection = open_();
    const auto cursor = connection->query(
        {.text = "SELECT column_name, character_set_name, collation_name FROM information_schema.columns WHERE "
                 "table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND collation_name IS NOT NULL",
         .binds = {Value{schema}, Value{table}},
         .table = "columns"});
    const auto text = [&](int column) {
        return std::get<std::string>(cursor->value(column, ColumnType::text, nullptr));
    };
    Columns columns;
    while (cursor->next()) columns[text(0)] = fmt::format("CHARACTER SET {} COLLATE {}", text(1), text(2));
    return columns;
}

} // namespace kith::backend::mariadb
