#pragma once

#include "backend/sqlite/driver.hpp"
#include "sql/statement.hpp"

#include <kith/connect_options.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kith::test {

inline sql::Statement statement(std::string text, std::vector<sql::Bind> binds = {}) {
    return {.text = std::move(text), .binds = std::move(binds)};
}

/// A database in memory, or in a file, with one connection.
struct OneConnection {
    explicit OneConnection(const std::string& path = ":memory:", ConnectOptions options = {})
        : driver(path, options), connection(driver.open(nullptr)) {}

    backend::sqlite::Driver driver;
    std::unique_ptr<backend::Connection> connection;

    std::int64_t execute(std::string text, std::vector<sql::Bind> binds = {}) const {
        return connection->execute(statement(std::move(text), std::move(binds)));
    }
    std::unique_ptr<backend::Cursor> query(std::string text, std::vector<sql::Bind> binds = {}) const {
        return connection->query(statement(std::move(text), std::move(binds)));
    }
    /// The first column of the first row.
    detail::Value value(std::string text, std::vector<sql::Bind> binds = {},
                        detail::ColumnType type = detail::ColumnType::text) const {
        const auto cursor = query(std::move(text), std::move(binds));
        return cursor->next() ? cursor->value(0, type, nullptr) : detail::Value{};
    }
    std::int64_t integer(std::string text, std::vector<sql::Bind> binds = {}) const {
        const auto cursor = query(std::move(text), std::move(binds));
        return cursor->next() ? cursor->integer(0) : -1;
    }
};

} // namespace kith::test
