#include "backend/catalog.hpp"

#include "backend/backend.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace kith::backend {

TextRows ask_texts(Connection& connection, const std::string& sql, int columns, std::vector<std::string> parameters) {
    sql::Statement statement{.text = sql, .table = "catalog"};
    for (auto& parameter : parameters) statement.binds.emplace_back(Value{std::move(parameter)});
    TextRows rows;
    const auto cursor = connection.query(statement);
    while (cursor->next()) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < columns; ++i) {
            row.push_back(std::get<std::string>(cursor->value(i, ColumnType::text, nullptr)));
        }
    }
    return rows;
}

OnDelete on_delete_named(const std::string& rule) {
    std::string upper;
    for (const char c : rule) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (upper == "CASCADE") return OnDelete::cascade;
    if (upper == "SET NULL") return OnDelete::set_null;
    if (upper == "RESTRICT") return OnDelete::restrict;
    return OnDelete::no_action;
}

} // namespace kith::backend
