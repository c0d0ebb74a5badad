#pragma once

#include "backend/address.hpp"
#include "backend/backend.hpp"
#include "backend/mariadb/connection.hpp"
#include "backend/mariadb/dialect.hpp"

#include <kith/connect_options.hpp>

#include <memory>
#include <string>

namespace kith::backend::mariadb {

/// A database on a MariaDB server.
class Driver final : public backend::Driver {
public:
    /// Throws ValueError for an unknown option, or one that MariaDB cannot support.
    Driver(const Address& address, const ConnectOptions& options);

    std::unique_ptr<backend::Connection> open(const base::Bound* bound) override;
    const sql::Dialect& dialect() const override { return dialect_; }
    Backend kind() const noexcept override { return Backend::mariadb; }
    backend::ServerAddress server_address() const override;
    const std::string& name() const override { return settings_.name; }
    bool single_connection() const override { return false; }

private:
    ConnectionSettings settings_;
    Dialect dialect_;
};

} // namespace kith::backend::mariadb
