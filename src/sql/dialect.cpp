#include "sql/dialect.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::sql {

std::string Dialect::quote(std::string_view identifier) const {
    if (identifier.find('\0') != std::string_view::npos) {
        throw ValueError("The name of a table or column holds a NUL character, which no database can store");
    }
    std::string quoted;
    quoted.reserve(identifier.size() + 2);
    quoted += '"';
    if (identifier.find('"') == std::string_view::npos) {
        quoted += identifier;
        quoted += '"';
        return quoted;
    }
    for (const char c : identifier) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    quoted += '"';
    return quoted;
}

std::string Dialect::placeholder(std::size_t) const { return "?"; }

std::string Dialect::create_index(std::string_view schema, std::string_view name, std::string_view table,
                                  std::string_view columns) const {
    const auto prefix = schema.empty() ? std::string{} : quote(schema) + ".";
    return fmt::format("CREATE INDEX IF NOT EXISTS {}{} ON {} ({})", prefix, quote(name), quote(table), columns);
}

std::string Dialect::aggregate(detail::AggregateFunction function, const std::string& argument, ColumnType) const {
    constexpr std::string_view names[]{"COUNT", "SUM", "AVG", "MIN", "MAX"};
    return fmt::format("{}({})", names[static_cast<std::size_t>(function)], argument);
}

std::string Dialect::comparable(std::string expression, ColumnType) const { return expression; }

} // namespace kith::sql
