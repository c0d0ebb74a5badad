#pragma once

#include "backend/backend.hpp"
#include "backend/sqlite/connection.hpp"
#include "backend/sqlite/dialect.hpp"
#include "base/mutex.hpp"

#include <kith/connect_options.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace kith::backend::sqlite {

/// A file, or a private database in memory.
class Driver final : public backend::Driver {
public:
    /// `path` is a file's, or `:memory:`. Opens the first connection. Throws OperationalError if the path cannot be
    /// opened, ValueError for options that contradict each other.
    Driver(const std::string& path, const ConnectOptions& options);

    std::unique_ptr<backend::Connection> open(const base::Bound* bound) override;
    const sql::Dialect& dialect() const override { return dialect_; }
    Backend kind() const noexcept override { return Backend::sqlite; }
    backend::ServerAddress server_address() const override;
    const std::string& name() const override { return settings_.name; }
    bool single_connection() const override { return in_memory_; }

private:
    void require_openable() const;
    void open_first(const ConnectOptions& options);

    bool in_memory_;
    ConnectionSettings settings_;
    Dialect dialect_;
    base::Mutex mutex_;
    std::unique_ptr<Connection> first_; // opened by the constructor, until open() hands it out
};

} // namespace kith::backend::sqlite
