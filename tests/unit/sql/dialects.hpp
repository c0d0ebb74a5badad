#pragma once

#include "backend/sqlite/dialect.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"
#include "unit/query/queries.hpp"

#include <kith/detail/core/value_access.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#ifdef KITH_WITH_MARIADB
#include "backend/mariadb/dialect.hpp"
#endif
#ifdef KITH_WITH_POSTGRESQL
#include "backend/postgresql/dialect.hpp"
#endif

namespace kith::test {

/// The expected statement for each database, or one for all. Names are in double quotes; a parameter is a question mark
/// and its value, `"id" = ?7`. A line break with the indentation behind it counts as one space.
struct Texts {
    std::string_view sqlite;
    std::string_view postgresql;
    std::string_view mariadb;

    Texts(const char* all) : Texts(all, all, all) {}
    Texts(const char* on_sqlite, const char* on_postgresql, const char* on_mariadb)
        : sqlite(on_sqlite), postgresql(on_postgresql), mariadb(on_mariadb) {}
};

/// Calls `compare(dialect, text)` for the databases that Kith was built for.
template <class Compare>
void for_each_dialect(const Texts& texts, const Compare& compare) {
    {
        const testing::ScopedTrace trace(__FILE__, __LINE__, "on SQLite");
        compare(backend::sqlite::Dialect(/*read_only=*/false), texts.sqlite);
    }
#ifdef KITH_WITH_POSTGRESQL
    {
        const testing::ScopedTrace trace(__FILE__, __LINE__, "on PostgreSQL");
        compare(backend::postgresql::Dialect(), texts.postgresql);
    }
#endif
#ifdef KITH_WITH_MARIADB
    {
        const testing::ScopedTrace trace(__FILE__, __LINE__, "on MariaDB");
        compare(backend::mariadb::Dialect(), texts.mariadb);
    }
#endif
}

/// A parameter as text; `{1, 2}` is a set of keys, `{1, 2; 'a', 'b'}` one with two columns.
inline std::string written(const sql::Bind& bind) {
    if (const auto* value = std::get_if<Value>(&bind)) return detail::to_string(*value);
    Names columns;
    for (const auto& column : std::get<std::shared_ptr<const sql::KeySet>>(bind)->columns()) {
        Names keys;
        for (const auto key : column.integers) keys.push_back(std::to_string(key));
        for (const auto& key : column.values) keys.push_back(detail::to_string(key));
        columns.push_back(fmt::format("{}", fmt::join(keys, ", ")));
    }
    return fmt::format("{{{}}}", fmt::join(columns, "; "));
}

/// An expected statement with the quotes and placeholders of one database.
struct Expected {
    std::string text{};
    Names binds{};

    Expected(const sql::Dialect& dialect, std::string_view rest) {
        const auto take = [&](std::size_t size) {
            const auto taken = rest.substr(0, size);
            rest.remove_prefix(taken.size());
            return taken;
        };
        while (!rest.empty()) {
            const auto first = take(1);
            if (first == "\"") {
                text += dialect.quote(take(rest.find('"')));
                take(1);
            } else if (first == "?") {
                binds.emplace_back(take(size_of_value(rest)));
                text += dialect.placeholder(binds.size());
            } else if (first == "\n") {
                take(rest.find_first_not_of(' '));
                text += ' ';
            } else {
                text += first;
            }
        }
    }

private:
    /// The length of the `{1, 2}`, `'text'`, `NULL` or `7` at the start of `text`.
    static std::size_t size_of_value(std::string_view text) {
        if (text.starts_with('{')) return text.find('}') + 1;
        if (text.starts_with('\'')) return text.find('\'', 1) + 1;
        return text.find_first_of(" ,);:\n");
    }
};

/// Expects `make(dialect)` to return these statements.
template <class Make>
void expect_statement(const Make& make, const Texts& texts) {
    for_each_dialect(texts, [&](const sql::Dialect& dialect, std::string_view text) {
        const Expected expected(dialect, text);
        const sql::Statement statement = make(dialect);
        Names binds;
        for (const auto& bind : statement.binds) binds.push_back(written(bind));
        EXPECT_EQ(statement.text.str(), expected.text);
        EXPECT_EQ(binds, expected.binds);
    });
}

/// A set of keys of one column.
inline std::shared_ptr<const sql::KeySet> keys(const detail::FieldInfo& column, const std::vector<Value>& values) {
    auto set = std::make_shared<sql::KeySet>(std::span(&column.type, 1));
    for (const auto& value : values) set->add(value);
    return set;
}

} // namespace kith::test
