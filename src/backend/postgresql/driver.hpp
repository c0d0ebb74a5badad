#pragma once

#include "backend/address.hpp"
#include "backend/backend.hpp"
#include "backend/postgresql/connection.hpp"
#include "backend/postgresql/dialect.hpp"

#include <kith/connect_options.hpp>

#include <memory>
#include <string>

namespace kith::backend::postgresql {

/// A database on a PostgreSQL server. What the URL leaves out, libpq takes from its environment and its files.
class Driver final : public backend::Driver {
public:
    /// Throws ValueError for an option that neither Kith nor libpq knows, or that PostgreSQL cannot support.
    Driver(const Address& address, const ConnectOptions& options);

    std::unique_ptr<backend::Connection> open(const base::Bound* bound) override;
    const sql::Dialect& dialect() const override { return dialect_; }
    Backend kind() const noexcept override { return Backend::postgresql; }
    backend::ServerAddress server_address() const override;
    const std::string& name() const override { return settings_.name; }
    bool single_connection() const override { return false; }

private:
    ConnectionSettings settings_;
    Dialect dialect_;
};

} // namespace kith::backend::postgresql
